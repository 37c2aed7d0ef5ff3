import { CheckCircleFilled, CloseCircleFilled, WarningFilled } from '@ant-design/icons'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Failure } from '../../preload/contract/errors.ts'
import { CallFailure } from '../app/client.ts'
import { useSentence } from '../messages/use-sentence.ts'

const icons = { bad: <CloseCircleFilled />, warn: <WarningFilled />, good: <CheckCircleFilled /> }

/** One line in its place: an icon and words, never a box in the way. Told to screen readers when it appears. */
export function Notice(props: {
  readonly tone: 'bad' | 'warn' | 'good'
  readonly children: ReactNode
  readonly action?: ReactNode
}) {
  return (
    <div className={`notice notice-${props.tone}`} role={props.tone === 'bad' ? 'alert' : 'status'}>
      <span className="notice-icon" aria-hidden="true">
        {icons[props.tone]}
      </span>
      <div className="notice-body">{props.children}</div>
      {props.action}
    </div>
  )
}

/** The failure inside an error; a bug of this page is told as INTERNAL. */
export function failureOf(error: unknown): Failure {
  return error instanceof CallFailure ? error.failure : { code: 'INTERNAL', details: {} }
}

/** A failed call in words: what happened, what is safe, what to do; the incident number small. Shows nothing without an error. */
export function ErrorNotice(props: { readonly error: unknown; readonly onRetry?: () => void }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  if (props.error === null || props.error === undefined) return null
  const failure = failureOf(props.error)
  const { title, remedy } = sentence(failure)
  return (
    <Notice
      tone="bad"
      action={props.onRetry === undefined ? null : <Button onClick={props.onRetry}>{t('common.retry')}</Button>}
    >
      <strong>{title}</strong> {remedy}
      {failure.incident === undefined ? null : (
        <div className="notice-incident">{t('common.incident', { number: failure.incident })}</div>
      )}
    </Notice>
  )
}
