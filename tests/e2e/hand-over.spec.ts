// Owns: a closed case whose result is taken away: noted at the window, known at the centre.
// Does not own: how a case comes to its end (cli and central), the exchange tables (store).
// Start here: the test.
import { expect, test } from '../helpers/app.ts'
import { addEveryMaterial, delivered, fillAnswers, madeUpIdNumber, startDraft } from '../helpers/window.ts'

test('who took the result away is noted once, with a right ID number or none', async ({ app }) => {
  const { page } = app
  await startDraft(app)
  await fillAnswers(page, '演练辛', madeUpIdNumber('19460808', '908'))
  await addEveryMaterial(page)
  await expect(page.getByText('齐了，可以收件')).toBeVisible()
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText(/这件办件已经安全存在本机/)).toBeVisible()
  const number =
    (await page
      .getByText(/^\d{12}-\d+-\d{8}-\d{4}$/)
      .first()
      .textContent()) ?? ''
  await delivered(app)
  for (const decision of ['accepted', 'approved']) await app.central('decide', number, decision)
  await page.keyboard.press('Alt+1')
  await page.getByRole('row').nth(1).dblclick()
  const head = page.getByRole('main').locator('.case-head')
  await expect(head).toContainText('准予', { timeout: 60_000 })
  await expect(page.getByRole('button', { name: /送达登记/ })).toHaveCount(0)
  await app.central('decide', number, 'closed')

  const note = page.getByRole('button', { name: /送达登记/ })
  await expect(note).toBeDisabled({ timeout: 60_000 })
  await page.getByLabel('领取人姓名').fill('演练壬')
  await page.getByLabel(/领取人身份证号/).fill('999999194608089999')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText(/身份证号不对，还没有登记/)).toBeVisible()
  await page.getByLabel(/领取人身份证号/).fill(madeUpIdNumber('19460808', '908'))
  await expect(page.getByText(/身份证号不对/)).toHaveCount(0)
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('tabpanel')).toContainText('结果已由演**领取')
  await expect(note).toHaveCount(0)
  await expect(page.getByRole('listitem').filter({ hasText: '结果已由' })).toContainText('中心已收', {
    timeout: 60_000,
  })
})
