import { FileOutlined } from '@ant-design/icons'
import { Button, Input } from 'antd'
import { type ChangeEvent, type FormEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAct } from '../../../app/client.ts'
import { ErrorNotice, failureOf, Notice } from '../../../ui/ErrorNotice.tsx'
import { Field } from '../../../ui/Field.tsx'
import { useTypedAgain } from './typed-again.ts'

/** A key's file has some hundred bytes; more is something else. */
const largestFileBytes = 64 * 1024

/** A key that was made elsewhere is put in place here: chosen as a file, opened with its PIN. */
export function PutKey({ isFirst }: { readonly isFirst: boolean }) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const [isOpen, setOpen] = useState(false)
  const [file, setFile] = useState<{ readonly name: string; readonly text: string } | null>(null)
  const [isForeign, setForeign] = useState(false)
  const [pin, setPin] = useState('')
  const put = useAct('standards.putKey')
  const setRefused = useTypedAgain()
  const choose = async (event: ChangeEvent<HTMLInputElement>) => {
    const chosen = event.target.files?.[0]
    event.target.value = ''
    if (chosen === undefined) return
    put.reset()
    const text = chosen.size > largestFileBytes ? null : await chosen.text().catch(() => null)
    setForeign(text === null)
    setFile(text === null ? null : { name: chosen.name, text })
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (file === null) return
    put.mutate(
      { text: file.text, pin },
      {
        onSuccess: () => {
          setOpen(false)
          setFile(null)
          setPin('')
        },
        onError: (error) => setRefused(isPinWrong(error) ? 'key-file-pin' : null),
      },
    )
  }
  if (!isOpen)
    return (
      <>
        {put.data === undefined ? null : <Notice tone="good">{t('standardsDesk.publish.keyPut')}</Notice>}
        <Button onClick={() => setOpen(true)}>
          {t(isFirst ? 'standardsDesk.publish.keyFromFile' : 'standardsDesk.publish.keyReplace')}
        </Button>
      </>
    )
  return (
    <form onSubmit={submit} className="publish-form">
      <p className="quiet">{t('standardsDesk.publish.keyFileText')}</p>
      <div className="publish-key-file">
        <Button icon={<FileOutlined />} onClick={() => input.current?.click()} autoFocus>
          {t('standardsDesk.publish.keyFileChoose')}
        </Button>
        {file === null ? null : (
          <span role="status">{t('standardsDesk.publish.keyFileChosen', { name: file.name })}</span>
        )}
        <input
          ref={input}
          type="file"
          hidden
          aria-label={t('standardsDesk.publish.keyFileChoose')}
          accept=".json,application/json"
          onChange={(event) => void choose(event)}
        />
      </div>
      {isForeign ? <Notice tone="bad">{t('standardsDesk.publish.keyFileForeign')}</Notice> : null}
      <PinField id="key-file-pin" label={t('standardsDesk.publish.keyFilePin')} pin={pin} onPin={setPin} />
      <ErrorNotice error={put.error} />
      <FormEnd
        label={t('standardsDesk.publish.keyPutHere')}
        isBusy={put.isPending}
        isOff={file === null || pin === ''}
        onCancel={() => setOpen(false)}
      />
    </form>
  )
}

/** The key's PIN is changed by who knows it. */
export function KeyPin() {
  const { t } = useTranslation()
  const [isOpen, setOpen] = useState(false)
  const [pin, setPin] = useState('')
  const [newPin, setNewPin] = useState('')
  const [again, setAgain] = useState('')
  const change = useAct('standards.changeKeyPin')
  const setRefused = useTypedAgain()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate(
      { pin, newPin },
      {
        onSuccess: () => {
          setOpen(false)
          for (const set of [setPin, setNewPin, setAgain]) set('')
        },
        onError: (error) => setRefused(isPinWrong(error) ? 'key-old-pin' : null),
      },
    )
  }
  if (!isOpen)
    return (
      <>
        {change.data === undefined ? null : <Notice tone="good">{t('standardsDesk.publish.keyPinChanged')}</Notice>}
        <Button onClick={() => setOpen(true)}>{t('standardsDesk.publish.keyPinChange')}</Button>
      </>
    )
  const isOther = again !== '' && again !== newPin
  return (
    <form onSubmit={submit} className="publish-form">
      <p className="quiet">{t('standardsDesk.publish.keyPinText')}</p>
      <PinField id="key-old-pin" label={t('standardsDesk.publish.keyPinOld')} pin={pin} onPin={setPin} />
      <PinField id="key-new-pin" label={t('standardsDesk.publish.keyPinNew')} pin={newPin} onPin={setNewPin} isNew />
      <PinField id="key-again-pin" label={t('standardsDesk.publish.keyPinAgain')} pin={again} onPin={setAgain} isNew />
      {isOther ? <Notice tone="warn">{t('standardsDesk.publish.keyPinOther')}</Notice> : null}
      <ErrorNotice error={change.error} />
      <FormEnd
        label={t('standardsDesk.publish.keyPinChange')}
        isBusy={change.isPending}
        isOff={pin === '' || newPin.length < 6 || again !== newPin}
        onCancel={() => setOpen(false)}
      />
    </form>
  )
}

const isPinWrong = (error: unknown) => failureOf(error).code === 'PUBLISHER_PIN_WRONG'

function PinField(props: {
  readonly id: string
  readonly label: string
  readonly pin: string
  readonly onPin: (pin: string) => void
  readonly isNew?: boolean
}) {
  return (
    <Field id={props.id} label={props.label}>
      <Input.Password
        id={props.id}
        autoComplete={props.isNew === true ? 'new-password' : 'off'}
        visibilityToggle={false}
        maxLength={64}
        value={props.pin}
        onChange={(event) => props.onPin(event.target.value)}
      />
    </Field>
  )
}

function FormEnd(props: {
  readonly label: string
  readonly isBusy: boolean
  readonly isOff: boolean
  readonly onCancel: () => void
}) {
  const { t } = useTranslation()
  return (
    <div className="publish-key-file">
      <Button htmlType="submit" loading={props.isBusy} disabled={props.isOff}>
        {props.label}
      </Button>
      <Button type="text" disabled={props.isBusy} onClick={props.onCancel}>
        {t('standardsDesk.publish.keyNot')}
      </Button>
    </div>
  )
}
