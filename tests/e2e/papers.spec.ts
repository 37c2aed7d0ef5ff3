// Owns: papers of a case on the screen (文书): offered, made, looked at, sealed; a template's words tried on the real page.
// Does not own: what stands on them (store/papers.test.ts), sealing itself (seal.spec.ts), releases (standards.spec.ts).
// Start here: the first test.
import { expect, test } from '../helpers/app.ts'
import { sealInHand } from '../helpers/sealing-screen.ts'
import { addEveryMaterial, fillAnswers, login, madeUpIdNumber, startDraft } from '../helpers/window.ts'

test('what the centre asks for is told on a 补正告知书, looked at, and sealed with the receipt by one PIN', async ({
  app,
}) => {
  const { page } = app
  await startDraft(app)
  await fillAnswers(page, '演练戊', madeUpIdNumber('19400505', '905'))
  await addEveryMaterial(page)
  await expect(page.getByText('齐了，可以收件')).toBeVisible()
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText(/这件办件已经安全存在本机/)).toBeVisible()
  const cases = await app.call('cases.list', { view: 'all', query: '', offset: 0, limit: 1 })
  const { caseId = '', localNumber = '' } = (cases.ok && cases.value.cases[0]) || {}
  await page.keyboard.press('Alt+1')
  const row = page.getByRole('row').filter({ hasText: '高龄津贴' })
  await expect(row).toContainText('中心已收', { timeout: 60_000 })
  await app.central('decide', localNumber, 'corrections', '--reason', '户口簿首页看不清，请重拍')
  await expect(row).toContainText('需补正', { timeout: 60_000 })
  await row.dblclick()
  await page.getByRole('tab', { name: /文书/ }).click()

  const offers = page.getByRole('region', { name: '现在可以出' })
  await expect(offers.getByRole('button')).toHaveText([/^补正告知书/, /^申请表/])
  await offers.getByRole('button', { name: /^补正告知书/ }).click()
  const made = page.getByRole('button', { name: /^补正告知书/, pressed: true })
  await expect(made).toBeVisible()
  await expect(page.getByRole('region', { name: '补正告知书' }).locator('canvas').first()).toBeVisible()
  await expect(offers.getByRole('button')).toHaveText([/^申请表/])
  await expect(made).toBeFocused()
  await offers.getByRole('button', { name: /^申请表/ }).click()
  await expect(page.getByRole('button', { name: /^申请表/, pressed: true })).toBeVisible()
  await expect(page.getByRole('tabpanel')).toContainText('不用盖章')

  // The application form is the applicant's own: it is in the list, and nobody is asked to seal it.
  await page.getByRole('link', { name: '去盖章' }).last().click()
  await expect(page.getByText('已勾选 2 份')).toBeVisible()
  await expect(page.getByRole('row').filter({ hasText: '申请表' })).toContainText('不用盖章')
  await sealInHand(app, '出具文书')
  const papersOf = async () => {
    const detail = await app.call('cases.get', { caseId })
    return detail.ok ? detail.value.documents.map(({ title, sealed }) => `${title} ${sealed}`) : []
  }
  await expect.poll(papersOf, { timeout: 30_000 }).toEqual(['收件凭证 true', '补正告知书 true', '申请表 false'])
})

test('an administrator begins a template with the program’s words, puts a name in and sees the real page', async ({
  app,
}) => {
  const { page } = app
  await login(app)
  await page.keyboard.press('Alt+4')
  await page.getByRole('tablist', { name: '事项标准' }).getByRole('tab', { name: /^编写/ }).click()
  await page.getByRole('button', { name: '新建' }).click()
  await page.getByRole('menuitem', { name: '新建文书样式' }).click()
  // Its identifier is nobody's to think of: only the name is asked for.
  await page.getByLabel('名称', { exact: true }).fill('告知（样例）')
  await expect(page.getByText('没有填。补足。')).toHaveCount(0)
  await page.getByLabel('名称', { exact: true }).fill('')
  await page.getByRole('button', { name: '从程序自带的文字开始' }).click()
  await page.getByRole('navigation', { name: '标准的各个部分' }).getByRole('button', { name: '文字' }).click()
  const words = page.getByLabel('段落')
  await expect(words).toHaveValue(/本凭证证明窗口已收到上列材料/)
  await words.click()
  await page.keyboard.press('Control+End')
  await page.keyboard.type('\n办理单位：')
  await page.getByText('可以填的内容').click()
  await page.getByRole('button', { name: '实施主体' }).click()
  await expect(words).toHaveValue(/\n办理单位：\{\{department\}\}$/)
  await expect(page.getByTestId('copy-saved')).toBeVisible()
  await page.getByText('可以填的内容').click()
  const sheet = page.getByRole('region', { name: '印出来的文书（示例）' })
  await expect(sheet.locator('canvas').first()).toBeVisible()

  // A page that could not be had (the desk was just starting again) is had again by one press. The page's own `fetch`
  // fails: requests under the desktop shell's scheme cannot be held up from outside.
  const fetching = await page.evaluateHandle(() => window.fetch)
  await page.evaluate((whole) => {
    window.fetch = (to, init) =>
      String(to).endsWith('/paper.pdf') ? Promise.reject(new TypeError('Failed to fetch')) : whole(to, init)
  }, fetching)
  await page.getByRole('tab', { name: /^检查/ }).click()
  await page.getByRole('tab', { name: '文书样子' }).click()
  await expect(page.getByText('这份 PDF 打不开。')).toBeVisible()
  await page.evaluate((whole) => {
    window.fetch = whole
  }, fetching)
  await page.getByRole('button', { name: '再试一次' }).press('Enter')
  await expect(sheet.locator('canvas').first()).toBeVisible()

  // Published as it is it would have no name: among several documents each finding says whose it is.
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('checkbox', { name: /^文书样式$/ })).toBeChecked()
  await expect(page.getByText('文书样式·名称', { exact: true })).toBeVisible()
})
