// Owns: standards in files at the administrator's window: taken out, mended, brought in with what differs and what is wrong.
// Does not own: every bad file and every form (integration/standards-tables.test.ts, unit/standards-workbook*.test.ts).
// Start here: the first test.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, type RunningApp, test } from '../helpers/app.ts'
import { login } from '../helpers/window.ts'
import { typed, withCells } from '../helpers/workbooks.ts'

const openDesk = async (page: Page) => {
  await page.keyboard.press('Alt+4')
  await page.getByRole('tablist', { name: '事项标准' }).getByRole('tab', { name: /^编写/ }).click()
}

/** What is saved by a press: in Electron where its dialog would have asked. */
async function saved(app: RunningApp, press: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> {
  if (app.electron === undefined) {
    const [download] = await Promise.all([app.page.waitForEvent('download'), press()])
    return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) }
  }
  const path = join(app.dataFolder, 'saved.xlsx')
  // It listens before the press: else the system's dialog is faster now and then, and waits for a person.
  const listening = await app.electron.evaluateHandle(
    ({ session }, place) => ({
      name: new Promise<string>((resolve) => {
        session.defaultSession.once('will-download', (_, item) => {
          item.setSavePath(place)
          item.once('done', () => resolve(item.getFilename()))
        })
      }),
    }),
    path,
  )
  await press()
  return { name: await listening.evaluate(({ name }) => name), bytes: readFileSync(path) }
}

/** Drops files on an element as a person does. */
const drop = async (page: Page, on: string, files: readonly { name: string; bytes: Buffer }[]) => {
  const given = files.map(({ name, bytes }) => ({ name, base64: bytes.toString('base64') }))
  const transfer = await page.evaluateHandle((all) => {
    const dragged = new DataTransfer()
    for (const { name, base64 } of all)
      dragged.items.add(new File([Uint8Array.from(atob(base64), (one) => one.charCodeAt(0))], name))
    return dragged
  }, given)
  await page.locator(on).dispatchEvent('dragover', { dataTransfer: transfer })
  await page.locator(on).dispatchEvent('drop', { dataTransfer: transfer })
}

test('a release goes out as a workbook, and comes in again with the one cell that was changed', async ({ app }) => {
  const { page } = app
  await login(app)
  await openDesk(page)
  await page.getByRole('button', { name: '导出' }).click()
  await expect(page.getByText('导出成什么')).toBeVisible()
  const { name, bytes } = await saved(app, () => page.keyboard.press('Control+Enter'))
  expect(name).toBe('事项标准 第1次发布.xlsx')
  await expect(page.getByText(/已导出 事项标准 第1次发布.xlsx，共 \d+ 份。/)).toBeVisible()
  await page.keyboard.press('Escape')

  const wrong = await withCells(bytes, '申请材料', { E3: typed('E3', '4'), D4: typed('D4', '换了名字的材料') })
  await expect(page.getByRole('button', { name: '修改：高龄津贴' })).toBeVisible()
  await drop(page, '.desk-list', [
    { name, bytes: wrong },
    { name: '坏的.xlsx', bytes: bytes.subarray(0, 3000) },
  ])
  await expect(page.getByText('坏的.xlsx没有读取：文件损坏了。')).toBeVisible()
  await page.getByRole('tab', { name: /^要改的地方/ }).click()
  const finding = page.getByRole('row').filter({ hasText: '“申请材料”表 E3' })
  await expect(finding).toContainText('必要性只能填 1、2、3')
  await expect(page.getByRole('button', { name: /导入选中的 0 份/ })).toBeDisabled()
  // What must be mended first stands in the list as well, and is counted with it.
  const all = /共 (\d+) 份/.exec((await page.getByText(/^共 \d+ 份：/).textContent()) ?? '')?.[1] ?? '没有数'
  await expect(page.getByRole('tab', { name: /^里面的标准/ })).toContainText(all)

  const mended = await withCells(bytes, '申请材料', { D4: typed('D4', '换了名字的材料') })
  await page.locator('input[type=file]').setInputFiles({ name, mimeType: '', buffer: mended })
  await page.getByRole('tab', { name: /^里面的标准/ }).click()
  await expect(page.getByText(/和最新一次发布不同的 1 份/)).toBeVisible()
  const row = page.getByRole('row').filter({ hasText: '换了名字的材料' })
  await expect(row).toContainText('有不同')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText('已导入 1 份，都放在“正在改”里')).toBeVisible()
  await expect(row).toContainText('已在“正在改”里')
  await page.getByRole('button', { name: '去发布' }).press('Enter')
  await expect(page.getByRole('heading', { name: '这次发布什么' })).toBeVisible()
  await page.getByRole('tab', { name: /^编写/ }).click()
  const editing = page.getByRole('row').filter({ hasText: '正在改' })
  await expect(editing).toHaveCount(1)
  await editing.getByRole('button', { name: /^接着改：/ }).click()
  await page.getByRole('tab', { name: '与上一版对照' }).click()
  const words = '材料“居民身份证”的名称由“居民身份证”改为“换了名字的材料”'
  await expect(page.locator('.changes li')).toHaveText([new RegExp(words)])
})
