// Owns: what the clerk sees of one case while the link is cut in the middle of its photo, on both shells.
// Does not own: how files are sent (integration), the other screens of sync (sync-screens.spec.ts).
// Start here: the test.
import type { Page } from '@playwright/test'
import { expect, test } from '../helpers/bad-link.ts'
import { addEveryMaterial, fillAnswers, login, madeUpIdNumber, picture } from '../helpers/window.ts'

/** A photograph of nothing, so large that a slow link needs its time: noise does not get smaller. Runs in the page. */
const drawNoise = (): string => {
  const canvas = document.createElement('canvas')
  canvas.width = 1600
  canvas.height = 1200
  const pen = canvas.getContext('2d')
  if (pen === null) throw new Error('no canvas')
  const image = pen.createImageData(canvas.width, canvas.height)
  for (let at = 0; at < image.data.length; at += 1) image.data[at] = at % 4 === 3 ? 255 : Math.random() * 255
  pen.putImageData(image, 0, 0)
  return canvas.toDataURL('image/jpeg', 0.7)
}

const takeInWithPhoto = async (page: Page) => {
  await page.keyboard.press('F2')
  await page.getByRole('button', { name: /^高龄津贴/ }).click()
  await fillAnswers(page, '演练丁', madeUpIdNumber('19420404', '904'))
  const noise = await page.evaluate(drawNoise)
  const picker = page.getByRole('article').filter({ hasText: '还缺' }).first().locator('input[type=file]')
  const buffer = Buffer.from(noise.slice(noise.indexOf(',') + 1), 'base64')
  await picker.setInputFiles({ name: '户口簿.jpg', mimeType: 'image/jpeg', buffer })
  await expect(page.getByText('户口簿.jpg').first()).toBeVisible()
  await addEveryMaterial(page)
  await expect(page.getByText('齐了，可以收件')).toBeVisible()
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText(/这件办件已经安全存在本机/)).toBeVisible()
}

const percentIn = (text: string | null) => Number(/(\d+)%/.exec(text ?? '')?.[1] ?? Number.NaN)

// The link is slow on purpose, and two cores do everything else beside it.
test.setTimeout(480_000)

test('the clerk sees each step of a case whose link is cut in the middle of a photo', async ({ app, link }) => {
  const { page } = app
  await login(app)
  await page.keyboard.press('Alt+5')
  await expect(page.getByText('全部送达，没有留在本机没送的办件。')).toBeVisible({ timeout: 60_000 })
  await expect(page.getByRole('banner')).toContainText('在线', { timeout: 60_000 })

  // Nobody answers: the case is stored here, and the bar says so.
  expect(link.upBytes()).toBeGreaterThan(0)
  link.shape({ mode: 'reset' })
  link.cut()
  await takeInWithPhoto(page)
  await page.keyboard.press('Alt+1')
  await page.getByRole('row').nth(1).dblclick()
  const head = page.getByRole('main').locator('.case-head')
  await expect(head).toContainText('本机已存')
  await expect(page.getByRole('banner')).toContainText('未送达 1 件')
  await expect(page.getByRole('banner')).toContainText(/断开.*照常受理/)

  // A slow link comes up: the text is at the centre while the photo is still on its way.
  link.shape({ mode: 'pass', upBytesPerSecond: 40_000 })
  await page.getByRole('tab', { name: /材料/ }).click()
  const photo = page.getByRole('button', { name: /户口簿\.jpg/ })
  await expect(head).toContainText('中心已收', { timeout: 60_000 })
  await expect(photo).toContainText(/正在传，已到 [1-9]\d?%/, { timeout: 60_000 })
  await expect(head).toContainText(/材料 \d\/\d 已到/)
  await picture(page, 'photo-on-its-way')
  const before = percentIn(await photo.textContent())

  // Cut in the middle: what has arrived is kept, and it says that it goes on by itself.
  link.shape({ mode: 'reset' })
  link.cut()
  await expect(photo).toContainText('网络恢复后自动继续', { timeout: 60_000 })
  expect(percentIn(await photo.textContent())).toBeGreaterThanOrEqual(before)
  await expect(head).toContainText('中心已收')

  // Back again: it goes on where it was, to the end.
  link.shape({ mode: 'pass', upBytesPerSecond: undefined })
  await page.keyboard.press('Alt+5')
  await page.keyboard.press('Control+Enter')
  await page.keyboard.press('Alt+1')
  await page.getByRole('row').nth(1).dblclick()
  await page.getByRole('tab', { name: /材料/ }).click()
  await expect(photo).toContainText('已到中心', { timeout: 60_000 })
  await expect(head).toContainText(/材料 \d 份都已到/, { timeout: 60_000 })
  await page.getByRole('tab', { name: /文书/ }).click()
  await expect(page.getByRole('tabpanel')).toContainText('已到中心')

  const number = /\d{12}-\d+-\d{8}-\d{4}/.exec((await head.textContent()) ?? '')?.[0] ?? ''
  await app.central('decide', number, 'accepted')
  await expect(head).toContainText('中心已受理', { timeout: 60_000 })
})
