// Owns: what a clerk does on the sealing screen (盖章), for end-to-end specs.
// Does not own: the running program (app.ts), the rest of the window (window.ts), sealing without a window (papers.ts).
// Start here: `bringPapers`, then `sealInHand`.
import { expect, type Locator, type Page } from '@playwright/test'
import type { RunningApp } from './app.ts'
import { pagesOf, pdfOf } from './small-pdf.ts'

/** A PDF as a file chooser gives it. */
export type ChosenPdf = { readonly name: string; readonly mimeType: string; readonly buffer: Buffer }

/** A file of so many empty A4 pages. */
export function paperOf(name: string, pages: number): ChosenPdf {
  return { name: `${name}.pdf`, mimeType: 'application/pdf', buffer: pdfOf(pagesOf(pages)) }
}

/** Opens 盖章 and brings files in; resolves when all of them are ticked and the page of the last one is there. */
export async function bringPapers(page: Page, files: readonly ChosenPdf[]): Promise<void> {
  await page.keyboard.press('F8')
  await page.getByLabel('加入 PDF…').setInputFiles([...files])
  await expect(page.getByText(`已勾选 ${files.length} 份`)).toBeVisible()
  await expect(sealLayer(page)).toBeVisible()
}

/** What lies over the page: the seals as they will show. */
export const sealLayer = (page: Page): Locator => page.locator('.seal-layer')

/** Gives the reason and, while the seal is locked, its PIN; then F8. */
export async function sealInHand(app: RunningApp, reason: string): Promise<void> {
  const { page } = app
  await page.getByRole('combobox', { name: '用印事由' }).fill(reason)
  const pin = page.getByLabel('印章口令')
  if ((await pin.count()) > 0) await pin.fill(app.training().sealPin)
  await page.keyboard.press('F8')
}

/** The bytes of a paper as the desk keeps it now. */
export async function bytesOf(app: RunningApp, documentId: string): Promise<Buffer> {
  const text = await app.page.evaluate(async (id) => {
    const { cunchuang } = window as unknown as { cunchuang?: { bytesBase: string } }
    const response = await fetch(`${cunchuang?.bytesBase ?? '/api/bytes'}/documents/${id}.pdf`)
    const bytes = new Uint8Array(await response.arrayBuffer())
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
  }, documentId)
  return Buffer.from(text, 'base64')
}
