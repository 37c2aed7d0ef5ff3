// Owns: the whole way of one case as a clerk goes it, on both shells.
// Does not own: bad input of the form and the materials (intake.spec.ts), safety (security-*.spec.ts).
// Start here: the first test. CUNCHUANG_PICTURES=1 takes the README's pictures on the way.
import type { Locator, Page } from '@playwright/test'
import { expect, test } from '../helpers/app.ts'
import { answer, fillAnswers, login, madeUpIdNumber, picture } from '../helpers/window.ts'

/** A sheet of paper as a JPEG, drawn by the page itself: nobody's paper, and real bytes. Runs in the page. */
const drawPaper = (title: string): string => {
  const canvas = document.createElement('canvas')
  canvas.width = 1240
  canvas.height = 1754
  const pen = canvas.getContext('2d')
  if (pen === null) throw new Error('no canvas')
  pen.fillStyle = '#fbf7ec'
  pen.fillRect(0, 0, canvas.width, canvas.height)
  pen.fillStyle = '#30343a'
  pen.font = 'bold 96px "Noto Sans CJK SC", sans-serif'
  pen.textAlign = 'center'
  pen.fillText(title, canvas.width / 2, 260)
  for (let line = 420; line < 1500; line += 90) pen.fillRect(140, line, 960 - (line % 4) * 160, 5)
  return canvas.toDataURL('image/jpeg', 0.85)
}

const addPhotos = async (page: Page, most: number) => {
  const lacking = page.getByRole('article').filter({ hasText: '还缺' })
  const paper = await page.evaluate(drawPaper, '演练材料')
  const buffer = Buffer.from(paper.slice(paper.indexOf(',') + 1), 'base64')
  const before = await lacking.count()
  // Each stored material leaves the list of the lacking ones.
  for (let left = before; left > Math.max(0, before - most); left -= 1) {
    const chooser = page.waitForEvent('filechooser')
    await lacking.first().getByRole('button', { name: '选文件' }).click()
    await (await chooser).setFiles({ name: `演练材料${left}.jpg`, mimeType: 'image/jpeg', buffer })
    await expect(lacking).toHaveCount(left - 1)
  }
}

const takeIn = async (page: Page, name: string, idNumber: string): Promise<string> => {
  await page.keyboard.press('F2')
  await page.getByRole('button', { name: /^高龄津贴/ }).click()
  await fillAnswers(page, name, idNumber)
  await addPhotos(page, 2)
  await answer(page, '姓名').scrollIntoViewIfNeeded()
  await picture(page, 'form')
  await addPhotos(page, 9)
  await expect(page.getByText('齐了，可以收件')).toBeVisible()
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText(/这件办件已经安全存在本机/)).toBeVisible()
  return (
    (await page
      .getByText(/^\d{12}-\d+-\d{8}-\d{4}$/)
      .first()
      .textContent()) ?? ''
  )
}

const shortNumber = (number: string) => number.split('-').slice(-2).join('-')
const row = (page: Page, number: string): Locator => page.getByRole('row').filter({ hasText: shortNumber(number) })

test('a case goes from the window to the centre and back over a cut link and a restart', async ({ app }) => {
  await login(app)
  await expect(app.page.getByText('还没有办件')).toBeVisible()

  const first = await takeIn(app.page, '演练甲', madeUpIdNumber('19400101', '901'))
  await app.page.getByLabel('印章口令').fill(app.training().sealPin)
  await app.page.keyboard.press('Enter')
  await expect(app.page.getByText('盖章有效')).toBeVisible({ timeout: 30_000 })
  await expect(app.page.locator('canvas').first()).toBeVisible()
  await picture(app.page, 'receipt')

  // The cable is pulled: work goes on.
  await app.page.keyboard.press('Alt+5')
  await expect(app.page.getByText('全部送达，没有留在本机没送的办件。')).toBeVisible({ timeout: 30_000 })
  await app.page.getByRole('switch', { name: '演练：网线' }).click()
  await expect(app.page.getByRole('banner').getByText(/断开.*照常受理/)).toBeVisible()
  const second = await takeIn(app.page, '演练乙', madeUpIdNumber('19410202', '902'))
  await app.page.keyboard.press('Alt+5')
  await expect(row(app.page, second).first()).toContainText('等网络恢复')
  await expect(app.page.getByRole('banner').getByText('未送达 1 件')).toBeVisible()
  await picture(app.page, 'sync')

  // The machine is switched off and on: everything is there, and the cable is still out.
  await app.restart()
  await login(app)
  await expect(row(app.page, first)).toContainText('中心已收')
  await expect(row(app.page, second)).toContainText('本机已存')

  // The cable is put back: the case goes by itself.
  await app.page.keyboard.press('Alt+5')
  await app.page.getByRole('switch', { name: '演练：网线' }).click()
  await app.page.keyboard.press('Alt+1')
  await expect(row(app.page, second)).toContainText('中心已收', { timeout: 60_000 })

  // The back office decides: its answer appears by itself.
  await app.central('decide', first, 'accepted')
  await app.central('decide', second, 'corrections', '--reason', '户口簿首页看不清，请重拍')
  await expect(row(app.page, first)).toContainText('已受理', { timeout: 60_000 })
  await expect(row(app.page, second)).toContainText('需补正', { timeout: 60_000 })
  await row(app.page, second).click()
  await expect(app.page.getByRole('complementary', { name: '预览' })).toContainText('户口簿首页看不清，请重拍')
  await picture(app.page, 'queue')

  await row(app.page, second).dblclick()
  await expect(app.page.getByRole('heading', { name: /高龄津贴/ })).toBeVisible()
  await app.page.getByRole('textbox', { name: /补正说明/ }).fill('已重拍户口簿首页')
  await app.page.keyboard.press('Control+Enter')
  await expect(app.page.getByText('已记下，会自动送到中心。')).toBeVisible()
  await expect(app.page.getByText('已补正，等答复')).toBeVisible()
  await app.page.getByRole('tab', { name: /过程/ }).click()
  await expect(app.page.getByRole('tabpanel')).toContainText('户口簿首页看不清，请重拍')
})
