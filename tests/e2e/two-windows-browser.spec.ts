// Owns: one person with the program open in two windows of one browser, or in one that outlived a start: nothing typed is lost.
// Does not own: two administrators in one working copy (standards.spec.ts); Electron opens one window.
// Start here: the first test.
import { expect, test } from '../helpers/app.ts'
import { startShellProgram } from '../helpers/chromium.ts'
import { answer, login, startDraft } from '../helpers/window.ts'

test('two windows of one draft: what is typed in one stays when the other saves, and stands in both', async ({
  app,
}) => {
  const { page } = app
  const draftId = await startDraft(app)
  await answer(page, '姓名').fill('王福生')
  await expect(page.getByTestId('saved')).toContainText(/已存 \d/)
  const second = await page.context().newPage()
  await second.goto(page.url())
  await expect(answer(second, '姓名')).toHaveValue('王福生')

  await answer(page, '详细地址').fill('下街5号')
  await expect(page.getByTestId('saved')).toContainText(/已存 \d/)
  await answer(second, '银行户名').fill('王福生')
  await expect(answer(second, '详细地址')).toHaveValue('下街5号')

  const held = await app.call('drafts.get', { draftId })
  expect(held.ok && held.value.draft.answers).toMatchObject({
    ...{ name: '王福生', address: '下街5号', bankAccountName: '王福生' },
  })
})

test('a draft that was thrown away in another window says so when one comes back to it', async ({ app }) => {
  const { page } = app
  const draftId = await startDraft(app)
  const second = await page.context().newPage()
  await second.goto(page.url())
  await expect(answer(second, '姓名')).toBeFocused()

  expect((await app.call('drafts.discard', { draftId })).ok).toBe(true)
  await second.evaluate(() => window.dispatchEvent(new Event('focus')))
  await expect(second.getByRole('alert')).toContainText('草稿')
})

test('a fresh address put into the address bar of an open page lets that page in again', async ({ app }) => {
  const { page } = app
  await startDraft(app)
  // As after the program was started again: the page's pass is worth nothing any more.
  await page.context().clearCookies()
  await answer(page, '姓名').fill('王福生')
  await expect(page.getByText(/这个窗口失效了/)).toBeVisible()
  const { address } = await startShellProgram(app.dataFolder)
  await page.goto(address)
  await login(app)
  await page.getByText('接着办').first().click()
  await expect(answer(page, '姓名')).toHaveValue('王福生')
})
