import { EyeOutlined } from '@ant-design/icons'
import { type KeyboardEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAct } from '../app/client.ts'
import { ErrorNotice } from './ErrorNotice.tsx'

type Field = 'idNumber' | 'phone'

/** A masked value that shows itself while its button (or Space on it) is held; the desk records who looked. */
export function Masked(props: { readonly caseId: string; readonly field: Field; readonly masked: string }) {
  const { t } = useTranslation()
  const reveal = useAct('cases.reveal')
  const [held, setHeld] = useState(false)
  if (props.masked === '') return <span>{t('case.unanswered')}</span>
  const what = t(`masked.${props.field}`)

  const press = () => {
    if (held) return
    setHeld(true)
    reveal.mutate({ caseId: props.caseId, field: props.field })
  }
  const release = () => {
    setHeld(false)
    reveal.reset()
  }
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== ' ' && event.key !== 'Enter') return
    event.preventDefault()
    if (event.type === 'keydown') press()
    else release()
  }
  const open = held && reveal.data !== undefined
  return (
    <span className="masked">
      <span className={open ? 'number masked-open' : 'number'}>{open ? reveal.data.value : props.masked}</span>
      <button
        type="button"
        className="masked-button"
        aria-label={t('masked.showLabel', { what })}
        aria-pressed={held}
        onPointerDown={press}
        onPointerUp={release}
        onPointerLeave={release}
        onBlur={release}
        onKeyDown={onKey}
        onKeyUp={onKey}
      >
        <EyeOutlined aria-hidden="true" /> {t('masked.show')}
      </button>
      {held ? <ErrorNotice error={reveal.error} /> : null}
    </span>
  )
}
