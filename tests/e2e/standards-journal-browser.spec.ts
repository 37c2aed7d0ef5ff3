// Owns: what an administrator typed last outlives the browser that is killed, and the desk that is killed.
// Does not own: the journal's encryption and older versions (unit/drafts.test.ts, e2e/intake.spec.ts).
// Start here: the first test.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, test } from '../helpers/app.ts'
import { freshAddress, startKillableChromium } from '../helpers/chromium.ts'

const deskPid = (dataFolder: string): number =>
  (JSON.parse(readFileSync(join(dataFolder, 'owner.json'), 'utf8')) as { pid: number }).pid

const name = (page: Page) => page.getByRole('textbox', { name: '事项名称' })

/** Logs in and opens the working copy of 临时救助. */
async function openCopy(page: Page): Promise<void> {
  await page.getByRole('button', { name: '填入' }).click()
  await page.getByRole('button', { name: '登录' }).click()
  await expect(page.getByRole('tab', { name: /全部/ })).toBeVisible({ timeout: 30_000 })
  await page.keyboard.press('Alt+4')
  await page.getByRole('tablist', { name: '事项标准' }).getByRole('tab', { name: /^编写/ }).click()
  await page.getByRole('button', { name: /^(修改|接着改)：临时救助/ }).click()
  await expect(page.getByRole('heading', { name: '基本信息' })).toBeVisible()
}

test('what was typed into a working copy while nobody answered is found again after browser and desk were killed', async ({
  app,
}) => {
  const profile = mkdtempSync(join(tmpdir(), 'cunchuang-profile-'))
  const first = await startKillableChromium(profile)
  try {
    await first.page.goto(await freshAddress(app.dataFolder))
    await openCopy(first.page)
    await name(first.page).fill('临时救助（存了的）')
    await expect(first.page.getByTestId('copy-saved')).toBeVisible()
    const pid = deskPid(app.dataFolder)
    process.kill(pid, 'SIGSTOP')
    await name(first.page).fill('临时救助（没存上的）')
    await expect.poll(() => first.page.evaluate(journalRows)).toBe(1)
    await first.kill()
    process.kill(pid, 'SIGKILL')
  } finally {
    await first.kill()
  }
  const second = await startKillableChromium(profile)
  try {
    await second.page.goto(await freshAddress(app.dataFolder))
    await openCopy(second.page)
    await expect(second.page.getByText('已找回上次没存完的修改')).toBeVisible()
    await expect(name(second.page)).toHaveValue('临时救助（没存上的）')
    await expect(second.page.getByTestId('copy-saved')).toBeVisible()
    await expect.poll(() => second.page.evaluate(journalRows)).toBe(0)
    await second.page.keyboard.press('Escape')
    await expect(second.page.getByRole('row').filter({ hasText: '没存上的' })).toBeVisible()
  } finally {
    await second.kill()
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  }
})

test('what was left behind is offered where the copy was changed meanwhile, and takes nobody’s place by itself', async ({
  app,
}) => {
  const { page } = app
  await openCopy(page)
  const copyId = page.url().split('/').at(-1) ?? ''
  const { value } = (await app.call('standards.copy', { copyId })) as { value: { text: string } }
  const pid = deskPid(app.dataFolder)
  process.kill(pid, 'SIGSTOP')
  await name(page).fill('临时救助（没存上的）')
  await expect.poll(() => page.evaluate(journalRows)).toBe(1)
  const here = page.url()
  await page.goto('about:blank')
  process.kill(pid, 'SIGKILL')
  await page.goto(`${new URL(here).origin}/#/cases`)
  await expect(page.getByRole('tab', { name: /全部/ })).toBeVisible({ timeout: 30_000 })
  const later = value.text.replace('"临时救助"', '"临时救助（后来改的）"')
  await expect.poll(async () => (await app.call('standards.save', { copyId, text: later })).ok).toBe(true)
  await page.goto(here)
  await expect(page.getByText('找回了上次没存完的修改，可是这一份后来又变过')).toBeVisible()
  await expect(name(page)).toHaveValue('临时救助（后来改的）')
  await page.getByRole('button', { name: '用找回的' }).click()
  await expect(name(page)).toHaveValue('临时救助（没存上的）')
  await expect(page.getByTestId('copy-saved')).toBeVisible()
  await expect.poll(() => page.evaluate(journalRows)).toBe(0)
})

/** Runs in the page: rows of its journal. */
function journalRows(): Promise<number> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('cunchuang-drafts')
    opening.onerror = () => reject(opening.error)
    opening.onsuccess = () => {
      const counting = opening.result.transaction('journal').objectStore('journal').count()
      counting.onsuccess = () => {
        opening.result.close()
        resolve(counting.result)
      }
    }
  })
}
