// Owns: 验章 as anybody at the window sees it: valid, changed with the change framed, invalid, no PDF at all.
// Does not own: which forgeries are found (tests/unit/seal-tampering*.test.ts), sealing (seal.spec.ts).
// Start here: the first test.
import type { Page } from '@playwright/test'
import { expect, type RunningApp, test } from '../helpers/app.ts'
import { overlaid } from '../helpers/overlays.ts'
import { bringPapers, bytesOf, type ChosenPdf, paperOf, sealInHand } from '../helpers/sealing-screen.ts'
import { fixture } from '../helpers/seals.ts'
import { login, picture } from '../helpers/window.ts'

/** A paper that was sealed on the screen: two empty pages, or the one given. */
const sealedPaper = async (app: RunningApp, paper = paperOf('证明', 2)): Promise<Buffer> => {
  const { page } = app
  await login(app)
  await bringPapers(page, [paper])
  await sealInHand(app, '出具证明')
  await expect(page.getByText('盖章有效')).toBeVisible({ timeout: 30_000 })
  const papers = await app.call('sealing.papers', { view: 'sealed', query: '', offset: 0, limit: 1 })
  return bytesOf(app, papers.ok ? (papers.value.papers[0]?.documentId ?? '') : '')
}

const pdf = (name: string, buffer: Buffer): ChosenPdf => ({ name, mimeType: 'application/pdf', buffer })

const check = async (page: Page, file: ChosenPdf): Promise<void> => {
  await page.getByRole('tab', { name: '验章' }).click()
  await page.getByLabel('选择 PDF…').setInputFiles(file)
}

const verdict = (page: Page) => page.locator('.verdict')

test('a paper that was just sealed is valid, and says who sealed it and when', async ({ app }) => {
  const { page } = app
  await sealedPaper(app)
  await page.getByRole('link', { name: '查看验章结果' }).click()
  await expect(verdict(page)).toContainText('有效')
  const card = page.getByRole('article').first()
  await expect(card).toContainText('出具证明')
  await expect(card).toContainText(/\d{4}年\d+月\d+日 \d\d:\d\d/)
  await expect(card).toContainText('盖章以后没有改动')
})

test('what was painted over a sealed page is told and framed beside the page as it was', async ({ app }) => {
  const { page } = app
  const sealed = await sealedPaper(app, pdf('通知.pdf', fixture('chromium-chinese.pdf')))
  // White over 「好电工工具和上次检查的回执」: what the page said is gone without a trace to the eye.
  const paint = { page: 1, xMm: 60, yMm: 82, widthMm: 58, heightMm: 7, colour: [1, 1, 1] } as const
  await check(page, pdf('改过的通知.pdf', overlaid(sealed, paint)))
  await expect(verdict(page)).toContainText('有效，但签后有改动', { timeout: 30_000 })
  await expect(page.getByRole('figure')).toHaveCount(2)
  await expect(page.locator('[data-frame=changed]')).toHaveCount(2)
  const marks = page.getByRole('navigation', { name: '页面' })
  await expect(marks.getByRole('button', { name: /1.*有改动/ })).toHaveAttribute('aria-current', 'page')
  await expect(marks.getByRole('button', { name: /2.*一样/ })).toBeVisible({ timeout: 30_000 })
  const pictures = page.getByRole('figure').locator('img')
  for (const side of [0, 1]) {
    await expect
      .poll(() => pictures.nth(side).evaluate((image) => (image as HTMLImageElement).naturalWidth))
      .toBeGreaterThan(500)
  }
  await picture(page, 'verify')
})

test('a changed byte under the seal is invalid; what is no PDF is refused in words and the last result stays', async ({
  app,
}) => {
  const { page } = app
  const sealed = await sealedPaper(app)
  const changed = Buffer.from(sealed)
  const at = changed.indexOf('/MediaBox')
  changed.write('/MediaBoy', at, 'latin1')
  await check(page, pdf('动过的证明.pdf', changed))
  await expect(verdict(page)).toContainText('无效', { timeout: 30_000 })
  await check(page, pdf('照片.pdf', Buffer.from('not a PDF at all')))
  await expect(page.getByRole('alert')).toContainText('“照片.pdf”没有验成。')
  await expect(page.getByRole('alert')).toContainText('这个文件不是 PDF')
  await expect(verdict(page)).toContainText('无效')
})

test('a PDF that is dropped on another screen opens 验章 with it', async ({ app }) => {
  const { page } = app
  await login(app)
  const bytes = [...paperOf('来文', 1).buffer]
  const files = await page.evaluateHandle((data) => {
    const transfer = new DataTransfer()
    transfer.items.add(new File([new Uint8Array(data)], '来文.pdf', { type: 'application/pdf' }))
    return transfer
  }, bytes)
  await page.getByRole('main').dispatchEvent('drop', { dataTransfer: files })
  await expect(verdict(page)).toContainText('这份文件里没有电子印章', { timeout: 30_000 })
  await expect(page.getByText('来文.pdf').first()).toBeVisible()
})
