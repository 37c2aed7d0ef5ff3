import { Button } from 'antd'
import { lazy, Suspense, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { paperWords } from '../../../../preload/contract/standards/code-words.ts'
import { templateNames } from '../../../../preload/contract/standards/template.ts'
import { copyPaperUrl } from '../../../app/bytes.ts'
import { useBridge } from '../../../app/client.ts'
import { Notice } from '../../../ui/ErrorNotice.tsx'
import { Loading } from '../../../ui/Loading.tsx'
import { useEditor } from './editor-ground.ts'
import { listOf, textOf } from './json-edit.ts'
import { hasNoWords, paperOf, strangerIn, withOwnWords } from './template-words.ts'
import { codeWordsOf } from './words-of.ts'

const PdfView = lazy(() => import('../../../ui/PdfView.tsx').then((m) => ({ default: m.PdfView })))

/** A template's paper as it prints, drawn by the desk with made-up data; the names to put into its words. */
export function TemplatePreview({ copyId, revision }: { readonly copyId: string; readonly revision: number }) {
  const { t } = useTranslation()
  const bridge = useBridge()
  return (
    <div className="template-preview">
      <p className="quiet">{t('papers.template.text')}</p>
      <OwnWords />
      <Names />
      <div className="template-page">
        <Suspense fallback={<Loading />}>
          <PdfView
            url={copyPaperUrl(bridge, copyId)}
            revision={String(revision)}
            title={t('papers.template.page')}
            fit="width"
          />
        </Suspense>
      </div>
    </div>
  )
}

/** The program's own words of the chosen paper: as long as nothing was written, or where those of another paper stand yet. */
function OwnWords() {
  const { t } = useTranslation()
  const { value, changeWhole, isLocked } = useEditor()
  const paper = paperOf(value)
  if (paper === undefined || isLocked) return null
  if (hasNoWords(value)) {
    const own = withOwnWords(value, paper)
    const begin = () => changeWhole(textOf(value.title).trim() === '' ? own : { ...own, title: textOf(value.title) })
    return <Button onClick={begin}>{t('papers.template.own')}</Button>
  }
  const stranger = strangerIn(value)
  if (stranger === undefined) return null
  const names = codeWordsOf(paperWords)
  return (
    <Notice tone="warn">
      <p>{t('papers.template.stranger', { paper: names[paper], other: names[stranger] })}</p>
      <Button onClick={() => changeWhole(withOwnWords(value, paper))}>{t('papers.template.takeOwn')}</Button>
    </Notice>
  )
}

/** Every name that a template may have: one press puts it where the cursor last was among the words, else behind the last of them. */
function Names() {
  const { t } = useTranslation()
  const { value, change, isLocked } = useEditor()
  const field = useLastWords()
  const insert = (name: string) => {
    const into = field.current
    if (into === null || !into.isConnected) {
      const paragraphs = listOf(value.paragraphs).map(textOf)
      change(['paragraphs'], [...paragraphs.slice(0, -1), `${paragraphs.at(-1) ?? ''}{{${name}}}`])
      return
    }
    into.focus()
    into.setRangeText(`{{${name}}}`, into.selectionStart ?? 0, into.selectionEnd ?? 0, 'end')
    into.dispatchEvent(new Event('input', { bubbles: true }))
  }
  if (isLocked) return null
  return (
    <details className="template-names">
      <summary>{t('papers.template.names')}</summary>
      <p className="quiet">{t('papers.template.namesText')}</p>
      <ul>
        {Object.entries(templateNames).map(([name, words]) => (
          <li key={name}>
            <Button title={`{{${name}}}`} onClick={() => insert(name)}>
              {words}
            </Button>
          </li>
        ))}
      </ul>
    </details>
  )
}

type WordsField = HTMLInputElement | HTMLTextAreaElement

/** The field of title or paragraphs that had the cursor last. */
function useLastWords() {
  const last = useRef<WordsField | null>(null)
  useEffect(() => {
    const note = ({ target }: FocusEvent) => {
      const isWords = target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement
      const place = isWords ? target.closest('[data-pointer]')?.getAttribute('data-pointer') : undefined
      if (isWords && (place === '/title' || place === '/paragraphs')) last.current = target
    }
    document.addEventListener('focusin', note)
    return () => document.removeEventListener('focusin', note)
  }, [])
  return last
}
