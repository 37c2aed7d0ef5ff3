import { ArrowLeftOutlined, PrinterOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DayDifference, DayResult } from '../../../../preload/contract/sync.ts'
import { daySheetUrl } from '../../../app/bytes.ts'
import { useBridge } from '../../../app/client.ts'
import { useShortcut } from '../../../app/shortcuts.ts'
import { momentOf, plainDate } from '../../../ui/dates.ts'
import { Notice } from '../../../ui/ErrorNotice.tsx'
import { KeyHint } from '../../../ui/KeyHint.tsx'
import { Loading } from '../../../ui/Loading.tsx'

const PdfView = lazy(() => import('../../../ui/PdfView.tsx').then((m) => ({ default: m.PdfView })))

/** One day: one line where both agree, else what differs and what to do; the sheet to print in its place. */
export function DayPane({ result, isToday }: { readonly result: DayResult; readonly isToday: boolean }) {
  const { t } = useTranslation()
  const [isSheet, setSheet] = useState(false)
  if (isSheet) return <Sheet result={result} onBack={() => setSheet(false)} />
  return <Result result={result} isToday={isToday} onPrint={() => setSheet(true)} label={t('sync.days.print')} />
}

function Result(props: {
  readonly result: DayResult
  readonly isToday: boolean
  readonly label: string
  readonly onPrint: () => void
}) {
  const { t } = useTranslation()
  const { result } = props
  const day = plainDate(result.day)
  const count = result.differences.length + result.moreDifferences
  const { entries, cases, files } = result
  useShortcut('F9', props.label, props.onPrint)
  return (
    <section className="panel days-pane" aria-label={day}>
      <h2>
        {day}{' '}
        <span className="quiet days-when">{t('sync.days.checkedAt', { time: momentOf(result.checkedAtUtc) })}</span>
      </h2>
      {result.agreed ? (
        <Notice tone="good">
          {t(props.isToday ? 'sync.days.agreed' : 'sync.days.agreedOn', { day, entries, cases, files })}
        </Notice>
      ) : (
        <Notice tone="warn">{t('sync.days.differs', { count })}</Notice>
      )}
      {result.differences.length === 0 ? null : <Differences differences={result.differences} />}
      {result.moreDifferences === 0 ? null : <p>{t('sync.days.more', { count: result.moreDifferences })}</p>}
      <Button icon={<PrinterOutlined />} onClick={props.onPrint} aria-keyshortcuts="F9">
        {props.label} <KeyHint keys="F9" />
      </Button>
      <details className="days-details quiet">
        <summary>{t('sync.days.details')}</summary>
        <p className="number">{t('sync.days.head', { seq: result.headSeq, hash: result.headHash.slice(0, 16) })}</p>
      </details>
    </section>
  )
}

function Differences({ differences }: { readonly differences: readonly DayDifference[] }) {
  const { t } = useTranslation()
  return (
    <table className="days-table">
      <thead>
        <tr>
          {(['what', 'here', 'there', 'meaning'] as const).map((column) => (
            <th key={column} scope="col">
              {t(`sync.days.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {differences.map((difference) => (
          <tr key={`${difference.kind} ${difference.what}`}>
            <td>
              {t(`sync.days.kind.${difference.kind}`)}
              {difference.what === '' ? null : <span className="number days-what">{difference.what}</span>}
            </td>
            <td className="number">{difference.here}</td>
            <td className="number">{difference.there}</td>
            <td>{difference.text}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Sheet({ result, onBack }: { readonly result: DayResult; readonly onBack: () => void }) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const title = t('sync.days.printed', { day: plainDate(result.day) })
  useShortcut('Esc', t('sync.days.backToResult'), onBack)
  return (
    <section className="panel days-pane days-sheet" aria-label={title}>
      <Button icon={<ArrowLeftOutlined />} onClick={onBack} aria-keyshortcuts="Escape">
        {t('sync.days.backToResult')} <KeyHint keys="Esc" />
      </Button>
      <Suspense fallback={<Loading />}>
        <PdfView
          url={daySheetUrl(bridge, result.day)}
          revision={result.checkedAtUtc}
          title={title}
          fit="width"
          fileName={`${title}.pdf`}
        />
      </Suspense>
    </section>
  )
}
