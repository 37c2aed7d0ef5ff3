import { Button } from 'antd'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { KeyHint } from '../../ui/KeyHint.tsx'
import { useShortcut, useShortcuts } from '../shortcuts.ts'

/** The keys that do something on this screen, beside it, so that they can be tried while they are read. */
export function Help({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation()
  const close = useRef<HTMLButtonElement>(null)
  useShortcut('Esc', t('help.back'), onClose)
  useEffect(() => {
    const before = document.activeElement
    close.current?.focus()
    return () => {
      // Whoever went on by mouse meanwhile stays there.
      if (document.activeElement === document.body && before instanceof HTMLElement) before.focus()
    }
  }, [])
  const latest = new Map(useShortcuts().map((shortcut) => [shortcut.keys, shortcut.label]))
  return (
    <aside className="help panel" aria-label={t('help.title')}>
      <h2>{t('help.title')}</h2>
      <dl className="help-list">
        {[...latest].map(([keys, label]) => (
          <div key={keys}>
            <dt>
              <KeyHint keys={keys} />
              <span className="visually-hidden">{keys}</span>
            </dt>
            <dd>{label}</dd>
          </div>
        ))}
        <div>
          <dt>
            <KeyHint keys="Tab" />
          </dt>
          <dd>{t('help.tab')}</dd>
        </div>
      </dl>
      <Button ref={close} onClick={onClose} aria-keyshortcuts="Esc">
        {t('common.close')} <KeyHint keys="Esc" />
      </Button>
    </aside>
  )
}
