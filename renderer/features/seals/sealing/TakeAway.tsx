import { DownloadOutlined, PrinterOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useShortcut } from '../../../app/shortcuts.ts'
import { KeyHint } from '../../../ui/KeyHint.tsx'
import { type Taken, useTakeAway } from './use-take-away.ts'

/** The ways out for sealed papers: as files, and onto paper (F9). While one goes on, how far it is and how to stop it. */
export function TakeAway({ papers }: { readonly papers: readonly Taken[] }) {
  const { t } = useTranslation()
  const { words, save, print, stop } = useTakeAway(papers)
  const count = papers.length
  const isNone = count === 0
  useShortcut('F9', t('intake.print'), print, !isNone && !words.isBusy)
  if (isNone) return null
  if (words.isBusy) {
    return (
      <span className="take-away">
        <span role="status">{words.text}</span>
        <Button size="large" onClick={stop}>
          {t('sealing.stop')}
        </Button>
      </span>
    )
  }
  return (
    <span className="take-away">
      <span className={words.isBad ? 'place-lost' : 'quiet'} role="status">
        {words.text}
      </span>
      <Button size="large" icon={<DownloadOutlined />} onClick={save}>
        {count === 1 ? t('intake.pdfSave') : t('sealing.saveMany', { count })}
      </Button>
      <Button size="large" icon={<PrinterOutlined />} aria-keyshortcuts="F9" onClick={print}>
        {count === 1 ? t('intake.print') : t('sealing.printMany', { count })} <KeyHint keys="F9" />
      </Button>
    </span>
  )
}
