import { FileOutlined, UsbOutlined } from '@ant-design/icons'
import { Button, Input, Radio, Select } from 'antd'
import { type ChangeEvent, type Dispatch, type SetStateAction, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCall } from '../../../app/client.ts'
import { dayOf } from '../../../ui/dates.ts'
import { ErrorNotice, Notice } from '../../../ui/ErrorNotice.tsx'
import { Field } from '../../../ui/Field.tsx'
import type { Source } from './use-add-seal.ts'

/** A seal file is a few kilobytes; more is something else. */
const largestFileBytes = 128 * 1024

type Part<W extends Source['way']> = {
  readonly source: Extract<Source, { way: W }>
  readonly onChange: Dispatch<SetStateAction<Source>>
}

const base64 = (bytes: ArrayBuffer): string =>
  btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join(''))

/** A PKCS#12 file and its PIN. */
export function FileSource({ source, onChange }: Part<'file'>) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const [problem, setProblem] = useState<'fileTooLarge' | 'fileUnreadable' | null>(null)
  /** Files chosen so far: of two that are read at once the one chosen last counts. */
  const chosen = useRef(0)
  const choose = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0]
    event.target.value = ''
    if (file === undefined) return
    chosen.current += 1
    const turn = chosen.current
    setProblem(file.size > largestFileBytes ? 'fileTooLarge' : null)
    if (file.size > largestFileBytes) return
    const bytes = await file.arrayBuffer().catch(() => null)
    if (turn !== chosen.current) return
    if (bytes === null) {
      setProblem('fileUnreadable')
      return
    }
    const read = { name: file.name, base64: base64(bytes) }
    // Onto what was typed while it was read; another way may have been chosen meanwhile.
    onChange((now) => (now.way === 'file' ? { ...now, file: read } : now))
  }
  return (
    <>
      <div className="custody-line">
        <Button icon={<FileOutlined />} onClick={() => input.current?.click()}>
          {t('custody.fileChoose')}
        </Button>
        {source.file === null ? null : <span role="status">{t('custody.fileChosen', { name: source.file.name })}</span>}
        <input
          ref={input}
          type="file"
          hidden
          aria-label={t('custody.way.file')}
          accept=".p12,.pfx,application/x-pkcs12"
          onChange={(event) => void choose(event)}
        />
      </div>
      {problem === null ? null : <Notice tone="bad">{t(`custody.${problem}`)}</Notice>}
      <PinField label={t('custody.pinOfSeal')} pin={source.pin} onPin={(pin) => onChange({ ...source, pin })} />
    </>
  )
}

/** A key in a token that is plugged in, and the token's PIN. */
export function TokenSource({ source, onChange }: Part<'token'>) {
  const { t } = useTranslation()
  const tokens = useCall('seals.tokens', {})
  const keys = tokens.data?.keys ?? []
  const chosen = source.key === null ? -1 : keys.findIndex((key) => key.keyId === source.key?.keyId)
  return (
    <>
      <div className="custody-line">
        <Button icon={<UsbOutlined />} loading={tokens.isFetching} onClick={() => void tokens.refetch()}>
          {t('custody.tokenFind')}
        </Button>
      </div>
      <ErrorNotice error={tokens.error} />
      {tokens.isSuccess && keys.length === 0 ? <Notice tone="warn">{t('custody.tokenNone')}</Notice> : null}
      {keys.length === 0 ? null : (
        <Field id="token-key" label={t('custody.tokenKey')}>
          <Select
            id="token-key"
            value={chosen < 0 ? null : chosen}
            options={keys.map((key, index) => ({
              value: index,
              label: `${key.organisation || key.commonName} · ${key.label} · ${t('custody.tokenUntil', { day: dayOf(key.notAfter) })}`,
            }))}
            onChange={(index) => onChange({ ...source, key: keys[index ?? -1] ?? null })}
          />
        </Field>
      )}
      <PinField label={t('custody.pinOfSeal')} pin={source.pin} onPin={(pin) => onChange({ ...source, pin })} />
    </>
  )
}

/** A seal made for practice. */
export function TrainingSource({ source, onChange }: Part<'training'>) {
  const { t } = useTranslation()
  return (
    <>
      <p className="quiet">{t('custody.trainingOnly')}</p>
      <Field id="training-algorithm" label={t('custody.algorithmChoose')}>
        <Radio.Group
          id="training-algorithm"
          value={source.algorithm}
          options={(['rsa', 'ec', 'sm2'] as const).map((value) => ({ value, label: t(`custody.algorithm.${value}`) }))}
          onChange={(event) => onChange({ ...source, algorithm: event.target.value as typeof source.algorithm })}
        />
      </Field>
      <PinField label={t('custody.pinNew')} pin={source.pin} onPin={(pin) => onChange({ ...source, pin })} />
    </>
  )
}

function PinField(props: { readonly label: string; readonly pin: string; readonly onPin: (pin: string) => void }) {
  return (
    <Field id="new-seal-pin" label={props.label}>
      <Input.Password
        id="new-seal-pin"
        className="custody-pin"
        value={props.pin}
        maxLength={64}
        autoComplete="off"
        visibilityToggle={false}
        onChange={(event) => props.onPin(event.target.value)}
      />
    </Field>
  )
}
