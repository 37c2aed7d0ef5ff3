import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { documentUrl } from '../../../app/bytes.ts'
import { useBridge } from '../../../app/client.ts'
import { canChooseFolder, chooseFolder, fileNameOf, saveInto, savePdf } from '../../../ui/pdf-save.ts'
import { usePrinting } from '../../../ui/use-printing.ts'

/** A sealed paper that is taken away: its id, and the title that its file is called by. */
export type Taken = { readonly documentId: string; readonly title: string }

type Words = { readonly text: string; readonly isBusy: boolean; readonly isBad: boolean }

const silent: Words = { text: '', isBusy: false, isBad: false }

/** Saves sealed papers as files, several of them into a folder that is asked for once, or prints them. One thing at a time. */
export function useTakeAway(papers: readonly Taken[]) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const [words, setWords] = useState(silent)
  const working = usePrinting()

  const bytesOf = async ({ documentId }: Taken, signal: AbortSignal) => {
    const response = await fetch(documentUrl(bridge, documentId), { signal, cache: 'no-store' })
    if (!response.ok) throw new Error(`the document was answered with ${response.status}`)
    return await response.arrayBuffer()
  }
  const tell = (text: string) => setWords({ text, isBusy: true, isBad: false })

  /** Does one thing and says how it ended; nothing where it was stopped. */
  const during = async (act: (signal: AbortSignal) => Promise<string>, failed: string) => {
    const controller = new AbortController()
    working.current = controller
    tell('')
    try {
      setWords({ ...silent, text: await act(controller.signal) })
    } catch (error) {
      if (!controller.signal.aborted) console.error(error)
      setWords(controller.signal.aborted ? silent : { ...silent, text: failed, isBad: true })
    }
  }

  const save = async (signal: AbortSignal) => {
    const folder = papers.length > 1 && canChooseFolder() ? await chooseFolder() : undefined
    if (folder === null) return ''
    for (const [index, paper] of papers.entries()) {
      tell(t('sealing.saving', { number: index + 1, count: papers.length }))
      const bytes = await bytesOf(paper, signal)
      if (folder === undefined) savePdf(bytes, fileNameOf(paper.title))
      else await saveInto(folder, bytes, fileNameOf(paper.title))
    }
    return folder === undefined ? '' : t('sealing.savedIn', { count: papers.length, folder: folder.name })
  }

  const print = async (signal: AbortSignal) => {
    tell(t('sealing.printing', { number: 1, count: papers.length, page: 1 }))
    const [{ openPdf }, { printPdfs }] = await Promise.all([
      import('../../../ui/pdf-document.ts'),
      import('../../../ui/pdf-print.ts'),
    ])
    const openers = papers.map((paper) => async () => await openPdf(await bytesOf(paper, signal)).promise)
    const progress = (page: number, number: number) =>
      tell(t('sealing.printing', { number, count: papers.length, page }))
    await printPdfs(openers, progress, signal)
    return ''
  }

  return {
    words,
    save: () => void during(save, t('sealing.notSaved')),
    print: () => void during(print, t('sealing.notPrinted')),
    stop: () => working.current?.abort(),
  }
}
