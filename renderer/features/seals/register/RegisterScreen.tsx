/**
 * Owns: 用印登记 on the screen: finding in it, looking through it, printing it.
 * Does not own: writing it (each impression is an entry of the ledger), how the printed sheet looks (the desk).
 * Start here: `RegisterScreen`.
 */
import { SearchOutlined } from '@ant-design/icons'
import { Button, Input, Select } from 'antd'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CallInput } from '../../../../preload/contract/api.ts'
import { useCall } from '../../../app/client.ts'
import { ActionBar } from '../../../ui/ActionBar.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { ErrorNotice } from '../../../ui/ErrorNotice.tsx'
import { Loading } from '../../../ui/Loading.tsx'
import { PrintRegister } from './PrintRegister.tsx'
import { RegisterTable } from './RegisterTable.tsx'
import './register.css'

/** What of the register is shown. */
export type RegisterFilter = Omit<CallInput<'seals.register'>, 'offset' | 'limit'>

const everything: RegisterFilter = { query: '', sealId: null, fromDay: null, untilDay: null }
const pageSize = 100

/** Every use of a seal, the newest first. */
export function RegisterScreen() {
  const { t } = useTranslation()
  const [filter, setFilter] = useState(everything)
  const [pages, setPages] = useState(1)
  const asked = useDeferredValue(filter)
  const limit = Math.min(200, pages * pageSize)
  const offset = pages <= 2 ? 0 : (pages - 2) * pageSize
  const found = useCall(
    'seals.register',
    { ...asked, query: asked.query.trim(), offset, limit },
    { keepPrevious: true },
  )
  const change = (part: Partial<RegisterFilter>) => {
    setPages(1)
    setFilter({ ...filter, ...part })
  }
  const isFiltered = JSON.stringify(filter) !== JSON.stringify(everything)
  return (
    <div className="register">
      <h1 className="visually-hidden">{t('register.title')}</h1>
      <FilterRow filter={filter} isFiltered={isFiltered} onChange={change} />
      <div className="register-body panel">
        {found.data === undefined ? (
          <Waiting error={found.error} onRetry={() => void found.refetch()} />
        ) : found.data.total === 0 ? (
          <Nothing isFiltered={isFiltered} onClear={() => change(everything)} />
        ) : (
          <RegisterTable
            impressions={found.data.impressions}
            hasNewer={offset > 0}
            hasOlder={offset + found.data.impressions.length < found.data.total}
            onNewer={() => setPages(pages - 1)}
            onOlder={() => setPages(pages + 1)}
          />
        )}
      </div>
      <ActionBar
        left={
          found.data === undefined ? null : (
            <span role="status">{t('register.total', { count: found.data.total })}</span>
          )
        }
      >
        <PrintRegister filter={asked} isOff={found.data === undefined || found.data.total === 0} />
      </ActionBar>
    </div>
  )
}

function Waiting({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  return error === null ? <Loading /> : <ErrorNotice error={error} onRetry={onRetry} />
}

function Nothing({ isFiltered, onClear }: { readonly isFiltered: boolean; readonly onClear: () => void }) {
  const { t } = useTranslation()
  if (!isFiltered) return <EmptyState title={t('register.none')} text={t('register.noneText')} />
  return (
    <EmptyState title={t('register.noneFound')} action={<Button onClick={onClear}>{t('register.clear')}</Button>} />
  )
}

function FilterRow(props: {
  readonly filter: RegisterFilter
  readonly isFiltered: boolean
  readonly onChange: (part: Partial<RegisterFilter>) => void
}) {
  const { t } = useTranslation()
  const { filter, onChange } = props
  const status = useCall('seals.status', {})
  const seals = (status.data?.seals ?? []).map(({ sealId, name }) => ({ value: sealId, label: name }))
  return (
    <search className="register-filter">
      <Input
        className="register-find"
        type="search"
        allowClear
        prefix={<SearchOutlined aria-hidden="true" />}
        placeholder={t('register.findShort')}
        aria-label={t('register.find')}
        value={filter.query}
        maxLength={100}
        onChange={(event) => onChange({ query: event.target.value })}
      />
      <Select
        className="register-seal"
        aria-label={t('register.seal')}
        value={filter.sealId ?? ''}
        options={[{ value: '', label: t('register.anySeal') }, ...seals]}
        onChange={(sealId: string) => onChange({ sealId: sealId === '' ? null : sealId })}
      />
      <Day
        id="register-from"
        label={t('register.from')}
        day={filter.fromDay}
        onDay={(fromDay) => onChange({ fromDay })}
      />
      <Day
        id="register-until"
        label={t('register.until')}
        day={filter.untilDay}
        onDay={(untilDay) => onChange({ untilDay })}
      />
      {props.isFiltered ? <Button onClick={() => onChange(everything)}>{t('register.clear')}</Button> : null}
    </search>
  )
}

function Day(props: {
  readonly id: string
  readonly label: string
  readonly day: string | null
  readonly onDay: (day: string | null) => void
}) {
  return (
    <span className="register-day">
      <label htmlFor={props.id}>{props.label}</label>
      <Input
        id={props.id}
        type="date"
        value={props.day ?? ''}
        onChange={(event) => props.onDay(event.target.value === '' ? null : event.target.value)}
      />
    </span>
  )
}
