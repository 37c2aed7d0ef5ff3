import { PrinterOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useBridge } from '../../../app/client.ts'
import { useShortcut } from '../../../app/shortcuts.ts'
import { KeyHint } from '../../../ui/KeyHint.tsx'
import { usePrinting } from '../../../ui/use-printing.ts'
import type { RegisterFilter } from './RegisterScreen.tsx'

/** Where the register's sheets come from, as a PDF that the desk draws. */
export function registerUrl(bytesBase: string, filter: RegisterFilter): string {
  const given = Object.entries(filter).filter((pair): pair is [string, string] => pair[1] !== null && pair[1] !== '')
  return `${bytesBase}/register.pdf?${new URLSearchParams(given)}`
}

/** Prints what is found as a register sheet: F9. */
export function PrintRegister({ filter, isOff }: { readonly filter: RegisterFilter; readonly isOff: boolean }) {
  const { t } = useTranslation()
  const { bytesBase } = useBridge()
  const [words, setWords] = useState<string | null>(null)
  const [hasFailed, setHasFailed] = useState(false)
  const working = usePrinting()
  const print = async () => {
    if (isOff || words !== null) return
    const controller = new AbortController()
    const { signal } = controller
    working.current = controller
    setHasFailed(false)
    setWords(t('register.preparing'))
    try {
      const [{ openPdf }, { printPdf }, answer] = await Promise.all([
        import('../../../ui/pdf-document.ts'),
        import('../../../ui/pdf-print.ts'),
        fetch(registerUrl(bytesBase, filter), { signal }),
      ])
      if (!answer.ok) throw new Error(`the register came with ${answer.status}`)
      const pdf = await openPdf(await answer.arrayBuffer()).promise
      await printPdf(pdf, (page) => setWords(t('register.printPage', { page })), signal)
    } catch (error) {
      if (!signal.aborted) setHasFailed(true)
      console.error(error)
    }
    setWords(null)
  }
  useShortcut('F9', t('register.print'), () => void print())
  return (
    <>
      {hasFailed ? <span role="alert">{t('register.printFailed')}</span> : null}
      {words === null ? null : <span role="status">{words}</span>}
      <Button
        type="primary"
        size="large"
        icon={<PrinterOutlined />}
        disabled={isOff}
        loading={words !== null}
        aria-keyshortcuts="F9"
        onClick={() => void print()}
      >
        {t('register.print')} <KeyHint keys="F9" />
      </Button>
    </>
  )
}
