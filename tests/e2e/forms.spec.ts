// Owns: forms of the sample catalogue on the screen: finding a matter among many, widgets, signatures, household tables.
// Does not own: the way of a case (clerk.spec.ts), what may stand in a form (tests/unit/standards-*.test.ts).
// Start here: the first test.
import { expect, test } from '../helpers/app.ts'
import { answer, login } from '../helpers/window.ts'

test('shows twelve matters and themes as cards, tells how many more there are, and finds them by pinyin', async ({
  app,
}) => {
  await login(app)
  const { page } = app
  await page.keyboard.press('F2')
  const cards = page.locator('.matter-card')
  await expect(cards).toHaveCount(12)
  await expect(page.getByText('还有 7 项没有列出')).toBeVisible()
  await page.getByRole('textbox', { name: '查找事项' }).fill('tyjr')
  await expect(cards).toHaveCount(1)
  await expect(cards.first()).toContainText('退役军人')
})

test('takes a credit code, asks what depends on a choice, and keeps a signature that was drawn', async ({ app }) => {
  await login(app)
  const { page } = app
  await page.keyboard.press('F2')
  await page.getByRole('textbox', { name: '查找事项' }).fill('失业')
  await expect(page.getByRole('button', { name: /^失业登记/ })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(answer(page, '姓名')).toBeFocused()
  await expect(answer(page, '原单位名称')).toBeHidden()
  await page.getByRole('combobox', { name: '属于哪种情形' }).click()
  await page.getByTitle('离开用人单位').click()
  await answer(page, '原单位名称').fill('演练单位')
  await answer(page, '原单位统一社会信用代码').fill('91350100M000100Y43')
  await expect(page.getByText('校验位对得上')).toBeVisible()
  await answer(page, '原单位统一社会信用代码').fill('91350100M000100Y44')
  await page.keyboard.press('Enter')
  await expect(page.getByText('统一社会信用代码应为 18 位', { exact: false }).first()).toBeVisible()

  const pad = page.locator('.form-signature-pad')
  await pad.scrollIntoViewIfNeeded()
  const box = await pad.boundingBox()
  if (box === null) throw new Error('no field to sign on')
  await page.mouse.move(box.x + 60, box.y + 40)
  await page.mouse.down()
  for (let step = 0; step < 12; step++) await page.mouse.move(box.x + 60 + step * 12, box.y + 40 + (step % 3) * 14)
  await page.mouse.up()
  await expect(pad.locator('path')).toHaveAttribute('d', /^M\d+ \d+(l-?\d+ -?\d+)+$/)
  await page.reload()
  await expect(page.locator('.form-signature-pad path')).toHaveAttribute('d', /^M\d+ \d+/)
  await page.getByRole('button', { name: '在纸质表上签' }).click()
  await expect(page.getByText('已在纸质表上签名或按指印')).toBeVisible()
})

test('asks for the members of a household line by line', async ({ app }) => {
  await login(app)
  const { page } = app
  await page.keyboard.press('F2')
  await page.getByRole('textbox', { name: '查找事项' }).fill('dibao')
  await expect(page.getByRole('button', { name: /^最低生活保障/ })).toBeVisible()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: '添加家庭成员' }).click()
  await page.getByRole('button', { name: '添加家庭成员' }).click()
  const table = page.getByRole('group', { name: '共同生活的家庭成员' })
  await table.getByRole('textbox', { name: '姓名' }).first().fill('演练甲')
  await table.scrollIntoViewIfNeeded()
  await page.getByRole('button', { name: '删去第 2 行' }).click()
  await expect(table.getByRole('textbox', { name: '姓名' })).toHaveCount(1)
})
