// Owns: the window around the screens: login, lock, keys, find, masked data, a desk that crashes.
// Does not own: the whole way of a case (clerk.spec.ts), taking in (intake.spec.ts).
import { expect, test } from '../helpers/app.ts'
import { addEveryMaterial, fillAnswers, login, madeUpIdNumber, startDraft } from '../helpers/window.ts'

test('a wrong PIN is told in words, and after five a wait is counted down', async ({ app }) => {
  const { page } = app
  const pin = page.getByRole('textbox', { name: '口令' })
  const wrong = app.training().pin === '000000' ? '111111' : '000000'
  for (const left of [4, 3, 2, 1]) {
    await pin.fill(wrong)
    await page.keyboard.press('Enter')
    await expect(page.getByRole('alert')).toContainText(`还可以再试 ${left} 次`)
  }
  await pin.fill(wrong)
  await page.keyboard.press('Enter')
  await expect(page.getByText(/请等 .*后再试。/).last()).toBeVisible()
  await expect(page.getByRole('button', { name: /登录/ })).toBeDisabled()
})

test('the keyboard alone goes everywhere, and F1 tells its keys', async ({ app }) => {
  const { page } = app
  await login(app)
  const places = { 'Alt+4': '事项标准', 'Alt+5': '同步', 'Alt+6': '设置', 'Alt+3': '印章', 'Alt+1': '办件' }
  for (const [keys, name] of Object.entries(places)) {
    await page.keyboard.press(keys)
    await expect(page.getByRole('link', { name, exact: false }).and(page.locator('[aria-current=page]'))).toBeVisible()
  }
  await page.keyboard.press('F1')
  const help = page.getByRole('complementary', { name: '这个画面的按键' })
  await expect(help).toContainText('新办件')
  await page.keyboard.press('Escape')
  await expect(help).toBeHidden()
  await page.keyboard.press('Control+K')
  await expect(page.getByRole('searchbox', { name: /^查找/ })).toBeFocused()
})

test('the ledger is checked and the language changed in the settings', async ({ app }) => {
  const { page } = app
  await login(app)
  await page.keyboard.press('Alt+6')
  await page.getByRole('button', { name: /核对台账/ }).click()
  await expect(page.getByText(/台账完好：\d+ 条/)).toBeVisible()
  await page.getByText('English', { exact: true }).click()
  await expect(page.getByRole('link', { name: /^New case/ })).toBeVisible()
})

test('a case is found, shows who applied only while a button is held, and outlives a crash and a lock', async ({
  app,
}) => {
  const { page } = app
  const idNumber = madeUpIdNumber('19390303', '903')
  await startDraft(app)
  await fillAnswers(page, '演练丙', idNumber)
  await addEveryMaterial(page)
  await expect(page.getByText('齐了，可以收件')).toBeVisible()
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText(/这件办件已经安全存在本机/)).toBeVisible()

  await page.keyboard.press('Alt+1')
  const find = page.getByRole('searchbox', { name: /^查找/ })
  await find.fill('zz')
  await expect(page.getByText('没有找到“zz”')).toBeVisible()
  await find.fill('ylb')
  await expect(page.getByRole('grid').getByRole('row')).toHaveCount(2)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: /高龄津贴/ })).toBeVisible()

  await expect(page.getByText(idNumber)).toBeHidden()
  const show = page.getByRole('button', { name: /^按住显示身份证号/ })
  await show.focus()
  await page.keyboard.down('Space')
  await expect(page.getByText(idNumber)).toBeVisible()
  await page.keyboard.up('Space')
  await expect(page.getByText(idNumber)).toBeHidden()
  await page.getByRole('tab', { name: /过程/ }).click()
  await expect(page.getByRole('tabpanel')).toContainText('身份证')

  app.crashDesk()
  await expect(page.getByText('程序刚才重新启动过，收的件和填的内容都在。')).toBeVisible({ timeout: 30_000 })
  await page.keyboard.press('Escape')
  await page.getByRole('tab', { name: /全部/ }).click()
  await expect(page.getByRole('grid').getByRole('row')).toHaveCount(2)

  await page.getByRole('button', { name: '锁屏' }).click()
  await expect(page.getByRole('heading', { name: '已锁屏' })).toBeVisible()
  await expect(page.getByText('演**')).toBeHidden()
  await login(app)
  await expect(page.getByRole('grid').getByRole('row')).toHaveCount(2)
})
