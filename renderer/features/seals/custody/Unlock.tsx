import { SafetyCertificateOutlined } from '@ant-design/icons'
import { Button, Input } from 'antd'
import { type FormEvent, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SealView } from '../../../../preload/contract/seals.ts'
import { useAct } from '../../../app/client.ts'
import { useHere } from '../../../app/session.ts'
import { ActionBar } from '../../../ui/ActionBar.tsx'
import { Countdown } from '../../../ui/Countdown.tsx'
import { ErrorNotice, Notice } from '../../../ui/ErrorNotice.tsx'
import { KeyHint } from '../../../ui/KeyHint.tsx'
import { waitUntilUtc } from '../../session/wait.ts'
import { trainingPinOf } from '../own-seals.ts'

/** The PIN of a seal, asked once a login; what waits for the seal is sealed with it. */
export function Unlock(props: { readonly seal: SealView; readonly waitingDocuments: number }) {
  const { t } = useTranslation()
  const { seal, waitingDocuments } = props
  const [pin, setPin] = useState('')
  const [waitUtc, setWaitUtc] = useState<string | null>(null)
  const unlock = useAct('seals.unlock')
  useEffect(() => {
    if (waitUtc === null) return
    const timer = setTimeout(() => setWaitUtc(null), Math.max(0, Date.parse(waitUtc) - Date.now()))
    return () => clearTimeout(timer)
  }, [waitUtc])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (pin === '' || unlock.isPending || waitUtc !== null) return
    const then = {
      onSettled: () => setPin(''),
      onError: (error: Parameters<typeof waitFrom>[0]) => setWaitUtc(waitFrom(error)),
    }
    unlock.mutate({ pin, sealId: seal.sealId }, then)
  }
  const sealed = unlock.data?.sealed ?? 0
  const waiting = waitingDocuments === 0 ? t('seals.waitingNone') : t('seals.waiting', { count: waitingDocuments })
  return (
    <>
      <ErrorNotice error={unlock.error} />
      {unlock.isSuccess ? (
        <Notice tone="good">{sealed === 0 ? t('seals.doneNone') : t('seals.done', { count: sealed })}</Notice>
      ) : null}
      <ActionBar left={<span>{waiting}</span>}>
        {seal.unlocked ? (
          <span>{t('seals.unlockedText')}</span>
        ) : (
          <form className="seal-unlock" onSubmit={submit}>
            {waitUtc === null ? null : (
              <span>
                {t('login.wait')} <Countdown untilUtc={waitUtc} /> {t('login.waitAfter')}
              </span>
            )}
            <TrainingPin seal={seal} />
            <label htmlFor="seal-pin">{t('seals.pin')}</label>
            <Input.Password
              id="seal-pin"
              className="seals-pin"
              value={pin}
              maxLength={64}
              autoComplete="off"
              visibilityToggle={false}
              title={t('seals.unlockText')}
              onChange={(event) => setPin(event.target.value)}
            />
            <Button
              type="primary"
              size="large"
              htmlType="submit"
              icon={<SafetyCertificateOutlined />}
              loading={unlock.isPending}
              disabled={waitUtc !== null}
              aria-keyshortcuts="Enter"
            >
              {t(waitingDocuments === 0 ? 'seals.unlockOnly' : 'seals.unlock')} <KeyHint keys="Enter" />
            </Button>
          </form>
        )}
      </ActionBar>
    </>
  )
}

const waitFrom = (error: { readonly failure: Parameters<typeof waitUntilUtc>[0] }) =>
  waitUntilUtc(error.failure, Date.now())

function TrainingPin({ seal }: { readonly seal: SealView }) {
  const { t } = useTranslation()
  const pin = trainingPinOf(seal, useHere().station)
  if (pin === null) return null
  return (
    <span className="seal-training">
      {t('seals.trainingPin')}
      <strong className="number">{pin}</strong>
    </span>
  )
}
