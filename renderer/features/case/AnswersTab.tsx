import { useTranslation } from 'react-i18next'
import { signedOnPaper } from '../../../preload/contract/standards/signature.ts'
import type { CaseDetail } from '../../../preload/contract/views.ts'
import { useCall } from '../../app/client.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorNotice, Notice } from '../../ui/ErrorNotice.tsx'
import { townOf } from '../../ui/form/divisions.ts'
import { SignatureView } from '../../ui/form/SignatureView.tsx'
import { Loading } from '../../ui/Loading.tsx'
import { type AnswerRow, answerRows } from './answer-rows.ts'

const divisionName = (code: string): string => {
  const town = townOf(code)
  const village = town?.villages.find((found) => found.code === code)
  return town === undefined ? code : `${town.name} ${village?.name ?? ''}`.trim()
}

/** The form as it was answered, under the standard that the case is pinned to. */
export function AnswersTab({ detail }: { readonly detail: CaseDetail }) {
  const { t } = useTranslation()
  const standard = useCall('matters.get', { itemId: detail.itemId, version: detail.standardVersion })
  if (standard.error?.failure.code === 'STANDARD_UNKNOWN') return <PlainAnswers detail={detail} />
  if (standard.error !== null) return <ErrorNotice error={standard.error} onRetry={() => void standard.refetch()} />
  if (standard.data === undefined) return <Loading />
  const rows = answerRows(standard.data.form, detail.answers, divisionName)
  if (rows.length === 0) return <EmptyState title={t('case.formEmpty')} />
  return (
    <>
      <dl className="answers">
        {rows.map((row) => (
          <div key={row.key} className={row.kind === 'table' ? 'answer answer-wide' : 'answer'}>
            <dt>{row.label}</dt>
            <dd>
              <Answer row={row} detail={detail} />
            </dd>
          </div>
        ))}
      </dl>
      <p className="quiet small case-pin">
        {t('case.standard')}：{t('case.standardVersion', { name: standard.data.name, version: detail.standardVersion })}{' '}
        · {t('case.hash')} <span className="number">{detail.receivedHash.slice(0, 16)}</span>
      </p>
    </>
  )
}

/** The answers as they were given, where the form that asked for them is not known here. */
function PlainAnswers({ detail }: { readonly detail: CaseDetail }) {
  const { t } = useTranslation()
  const said = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value))
  return (
    <>
      <Notice tone="warn">{t('case.standardUnknown', { version: detail.standardVersion })}</Notice>
      <dl className="answers">
        {Object.entries(detail.answers).map(([name, value]) => (
          <div key={name} className="answer">
            <dt>{name}</dt>
            <dd>{said(value)}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}

function Answer({ row, detail }: { readonly row: AnswerRow; readonly detail: CaseDetail }) {
  const { t } = useTranslation()
  const words = (value: string | boolean | null) => {
    if (value === null) return <span className="quiet">{t('case.unanswered')}</span>
    return typeof value === 'boolean' ? t(value ? 'case.yes' : 'case.no') : value
  }
  if (row.kind === 'value') return words(row.value)
  if (row.kind === 'signature') {
    if (row.text === signedOnPaper) return t('intake.signedOnPaper')
    return <SignatureView text={row.text} label={row.label} />
  }
  if (row.kind === 'masked') {
    const masked = row.field === 'idNumber' ? detail.summary.idNumberMasked : detail.summary.phoneMasked
    return <span className="number">{masked === '' ? words(null) : masked}</span>
  }
  if (row.rows.length === 0) return words(null)
  return (
    <table className="answer-table">
      <thead>
        <tr>
          {row.columns.map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {row.rows.map((cells, line) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows of a frozen answer never move
          <tr key={line}>
            {row.columns.map((column, index) => (
              <td key={column}>{words(cells[index] ?? null)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
