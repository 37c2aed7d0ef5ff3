import { DownloadOutlined } from '@ant-design/icons'
import { Button, Checkbox, Radio } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { DeskDocument } from '../../../../preload/contract/standards/publishing.ts'
import type { ExportWish } from '../../../../preload/contract/standards/tables.ts'
import { useCall } from '../../../app/client.ts'
import { paths } from '../../../app/paths.ts'
import { useShortcut } from '../../../app/shortcuts.ts'
import { ActionBar } from '../../../ui/ActionBar.tsx'
import { ErrorNotice, Notice } from '../../../ui/ErrorNotice.tsx'
import { FindField } from '../../../ui/FindField.tsx'
import { KeyHint } from '../../../ui/KeyHint.tsx'
import { Loading } from '../../../ui/Loading.tsx'
import { MainAction } from '../../../ui/MainAction.tsx'
import { turnedOver } from './choice.ts'
import { useWritten } from './use-written.ts'
import './tables.css'

type Which = ExportWish['what']['of']
const forms = ['workbook', 'json', 'national'] as const
const keyOf = ({ copyId, kind, id, version }: DeskDocument) => copyId ?? `${kind} ${id} ${version}`

/** Standards written into a file: which ones, and as what. */
export function ExportScreen() {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const desk = useCall('standards.desk', {})
  const [which, setWhich] = useState<Which>('release')
  const [form, setForm] = useState<(typeof forms)[number]>('workbook')
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const { isBusy, written, error, write } = useWritten()
  const back = () => go(paths.standardsDesk.edit)
  useShortcut('Esc', t('tables.back'), back)
  if (desk.data === undefined)
    return (
      <div className="page">
        {desk.error === null ? <Loading /> : <ErrorNotice error={desk.error} onRetry={() => void desk.refetch()} />}
      </div>
    )
  const { documents, base } = desk.data
  const picked = documents.filter((one) => chosen.has(keyOf(one)))
  const what: ExportWish['what'] =
    which === 'chosen'
      ? { of: which, documents: picked.map(({ kind, id, version, copyId }) => ({ kind, id, version, copyId })) }
      : { of: which }
  const counts = {
    release: documents.filter(({ state }) => state === 'same' || state === 'edited').length,
    next: documents.length,
    copies: documents.filter(({ copyId }) => copyId !== null).length,
    chosen: picked.length,
  }
  return (
    <div className="page tables">
      <div className="tables-wish">
        <fieldset className="panel">
          <legend>{t('tables.which')}</legend>
          <Radio.Group value={which} onChange={({ target }) => setWhich(target.value)}>
            {(['release', 'next', 'copies', 'chosen'] as const).map((of) => (
              <Radio key={of} value={of}>
                {t(`tables.whichOf.${of}`, { release: base?.release ?? 0, count: counts[of] })}
              </Radio>
            ))}
          </Radio.Group>
        </fieldset>
        <fieldset className="panel">
          <legend>{t('tables.asWhat')}</legend>
          <Radio.Group value={form} onChange={({ target }) => setForm(target.value)}>
            {forms.map((one) => (
              <Radio key={one} value={one}>
                {t(`tables.as.${one}`)}
              </Radio>
            ))}
          </Radio.Group>
        </fieldset>
      </div>
      {which === 'chosen' ? (
        <Choose documents={documents} chosen={chosen} onChoose={setChosen} />
      ) : (
        <div className="grow" />
      )}
      <ErrorNotice error={error} />
      {written === null ? null : (
        <Notice tone="good">
          {t('tables.written', { name: written.name, count: written.count })}
          {written.leftOut.length === 0
            ? null
            : t('tables.leftOut', { names: written.leftOut.map(({ name }) => name).join('、') })}
        </Notice>
      )}
      <ActionBar
        left={
          <Button onClick={back} aria-keyshortcuts="Escape">
            {t('tables.back')} <KeyHint keys="Esc" />
          </Button>
        }
      >
        <MainAction
          label={t('tables.write')}
          icon={<DownloadOutlined />}
          isBusy={isBusy}
          isOff={counts[which] === 0}
          onRun={() => write({ form, what })}
        />
      </ActionBar>
    </div>
  )
}

function Choose(props: {
  readonly documents: readonly DeskDocument[]
  readonly chosen: ReadonlySet<string>
  readonly onChoose: (chosen: ReadonlySet<string>) => void
}) {
  const { t } = useTranslation()
  const { documents, chosen, onChoose } = props
  const [query, setQuery] = useState('')
  const shown = documents.filter(({ name, department, id }) =>
    [name, department, id].some((text) => text.toLowerCase().includes(query.trim().toLowerCase())),
  )
  const turn = (one: DeskDocument) => onChoose(turnedOver(chosen, [keyOf(one)]))
  return (
    <>
      <div className="desk-tools">
        <FindField
          label={t('standardsDesk.list.find')}
          placeholder={t('standardsDesk.list.find')}
          value={query}
          onChange={setQuery}
        />
      </div>
      <ul className="page-scroll panel tables-choose" aria-label={t('tables.whichOf.chosen', { count: chosen.size })}>
        {shown.map((one) => (
          <li key={keyOf(one)}>
            <Checkbox className="tables-check" checked={chosen.has(keyOf(one))} onChange={() => turn(one)}>
              {one.name || one.id} <span className="quiet">{t(`standardsDesk.kind.${one.kind}`)}</span>{' '}
              {one.copyId === null ? null : (
                <span className="tag tag-info">{t(`standardsDesk.state.${one.state}`)}</span>
              )}
            </Checkbox>
          </li>
        ))}
      </ul>
    </>
  )
}
