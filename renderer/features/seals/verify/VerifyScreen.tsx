/**
 * Owns: 验章: a PDF comes in, its verdict, its seals, the pages then and now, the printed result.
 * Does not own: the verdict and the pictures (the desk), sealing (../sealing).
 * Start here: `VerifyScreen`, then Result.tsx.
 */
import { FileSearchOutlined, PrinterOutlined } from '@ant-design/icons'
import { Button, Progress } from 'antd'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useFileDrop } from '../../../app/file-drop.ts'
import { useShortcut } from '../../../app/shortcuts.ts'
import { useSentence } from '../../../messages/use-sentence.ts'
import { ActionBar } from '../../../ui/ActionBar.tsx'
import { momentOf, sizeInWords } from '../../../ui/dates.ts'
import { ErrorNotice, Notice } from '../../../ui/ErrorNotice.tsx'
import { KeyHint } from '../../../ui/KeyHint.tsx'
import { Loading } from '../../../ui/Loading.tsx'
import { PrintedResult } from './PrintedResult.tsx'
import { Result } from './Result.tsx'
import { useChecking } from './use-checking.ts'
import './verify.css'

type Checking = ReturnType<typeof useChecking>

/** 验章: of a file that is dropped anywhere here, or of a paper that is kept. */
export function VerifyScreen({ documentId }: { readonly documentId: string | null }) {
  const { t } = useTranslation()
  const checking = useChecking(documentId)
  const picker = useRef<HTMLInputElement>(null)
  const drop = useFileDrop((files) => files[0] !== undefined && checking.check(files[0]))
  const { verification } = checking
  const print = () => window.print()
  useShortcut('F9', t('verify.print'), print, verification !== null)
  useShortcut('Ctrl+P', t('verify.print'), print, verification !== null)
  useShortcut('Ctrl+O', t('verify.pick'), () => picker.current?.click())
  return (
    <div className={drop.isOver ? 'verify verify-over' : 'verify'} {...drop.props}>
      <ErrorNotice error={checking.error} />
      <Failed checking={checking} />
      <Middle checking={checking} onPick={() => picker.current?.click()} />
      <input
        ref={picker}
        type="file"
        hidden
        accept="application/pdf,.pdf"
        aria-label={t('verify.pick')}
        onChange={(event) => {
          const file = event.target.files?.[0]
          if (file !== undefined) checking.check(file)
          event.target.value = ''
        }}
      />
      {verification === null ? null : (
        <ActionBar
          left={
            <span className="verify-about">
              <strong>{verification.name}</strong>{' '}
              {t('verify.checkedAt', {
                size: sizeInWords(verification.sizeBytes),
                moment: momentOf(verification.checkedAtUtc),
              })}
            </span>
          }
        >
          <Button size="large" icon={<PrinterOutlined />} onClick={print} aria-keyshortcuts="F9">
            {t('verify.print')} <KeyHint keys="F9" />
          </Button>
          <Button
            type="primary"
            size="large"
            icon={<FileSearchOutlined />}
            onClick={() => picker.current?.click()}
            aria-keyshortcuts="Control+O"
          >
            {t('verify.another')} <KeyHint keys="Ctrl+O" />
          </Button>
        </ActionBar>
      )}
      {verification === null ? null : <PrintedResult verification={verification} />}
    </div>
  )
}

/** Why the last file was not checked. A result that was there before stays. */
function Failed({ checking }: { readonly checking: Checking }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  if (checking.failed === null) return null
  const { title, remedy } = sentence(checking.failed.error.failure)
  return (
    <Notice tone="bad">
      <strong>{t('verify.failed', { name: checking.failed.name })}</strong> {title}
      {remedy}
    </Notice>
  )
}

function Middle({ checking, onPick }: { readonly checking: Checking; readonly onPick: () => void }) {
  const { t } = useTranslation()
  const { sending, verification } = checking
  if (sending !== null) return <Sending sending={sending} onStop={checking.stop} />
  if (checking.isReading) return <Loading text={t('verify.checking', { name: '' })} />
  if (verification !== null) return <Result key={verification.verificationId} verification={verification} />
  return (
    <div className="verify-drop">
      <FileSearchOutlined className="verify-drop-icon" aria-hidden="true" />
      <strong>{t('verify.drop')}</strong>
      <span>{t('verify.dropText')}</span>
      <Button type="primary" size="large" onClick={onPick} aria-keyshortcuts="Control+O">
        {t('verify.pick')} <KeyHint keys="Ctrl+O" />
      </Button>
    </div>
  )
}

function Sending(props: { readonly sending: NonNullable<Checking['sending']>; readonly onStop: () => void }) {
  const { t } = useTranslation()
  const { name, share } = props.sending
  const percent = Math.floor(share * 100)
  return (
    <div className="verify-drop" role="status">
      {share < 1 ? (
        <>
          <strong>{t('verify.sending', { name, percent })}</strong>
          <Progress className="verify-progress" percent={percent} showInfo={false} aria-label={name} />
        </>
      ) : (
        <>
          <span className="spinner" aria-hidden="true" />
          <strong>{t('verify.checking', { name })}</strong>
        </>
      )}
      <Button onClick={props.onStop}>{t('verify.stop')}</Button>
    </div>
  )
}
