// Owns: the rules of publishing by the screen: two people, a release that waits and is dropped, one for later, a new key.
// Does not own: what is published (standards.spec.ts), what windows do with it (releases.spec.ts).
// Start here: the first test.
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { addDays, todayInShanghai } from '../../preload/contract/calendar.ts'
import { expect, test } from '../helpers/app.ts'
import { openTab, pressPublish } from '../helpers/office.ts'
import { login } from '../helpers/window.ts'

test('next year’s calendar is written, signed without a link and dropped, then released by two people for tomorrow', async ({
  app,
}) => {
  const { page } = app
  const { approver } = app.training()
  const other = { account: 'lisi', displayName: '演练丁', role: 'administrator', pin: '演练二号-13579' } as const
  await login(app)
  expect((await app.call('accounts.create', other)).ok).toBe(true)
  await expect(page.getByRole('banner')).toContainText('在线', { timeout: 60_000 })
  const today = todayInShanghai(new Date())
  const year = String(Number(today.slice(0, 4)) + 1)

  await openTab(page, '编写')
  await page.getByRole('button', { name: /新建$/ }).click()
  await page.getByRole('menuitem', { name: '新建工作日历' }).press('Enter')
  await expect(page.getByLabel('年份')).toHaveValue(year)
  await page.getByRole('button', { name: new RegExp(`^${year}年1月1日 `) }).press('Enter')
  await expect(page.getByRole('region', { name: '放假' }).getByText(/^1月1日/)).toBeVisible()
  await page.getByLabel('出处').fill('演练用的放假安排')
  await expect(page.getByTestId('copy-saved')).toBeVisible()

  // Signed while the cable is out: it waits, and what waits can be taken back with what was written.
  await page.keyboard.press('Control+Enter')
  await app.call('sync.setLink', { on: false })
  await page.getByRole('radio', { name: '给所有窗口' }).check()
  await page.getByLabel('改了什么（窗口会看到）').fill(`${year}年的工作日历`)
  const { publisherPin } = JSON.parse(readFileSync(join(app.dataFolder, 'training.json'), 'utf8'))
  await page.getByLabel('发布密钥的口令').fill(publisherPin)
  await pressPublish(page)
  await expect(page.getByText('第 2 次发布已签名，现在送不到中心；网络恢复后自动送。')).toBeVisible()
  const waiting = page
    .getByRole('region', { name: '各次发布' })
    .getByRole('listitem')
    .filter({ hasText: '等着送到中心' })
  await waiting.getByRole('button', { name: '撤掉' }).press('Enter')
  await expect(waiting).toHaveCount(0)
  await expect(page.getByRole('checkbox', { name: new RegExp(`${year}`) })).toBeChecked()
  await app.call('sync.setLink', { on: true })
  await expect(page.getByRole('banner')).toContainText('在线', { timeout: 60_000 })

  // Whoever is not another administrator binds nobody; with the rule, nothing goes out without the second person.
  await page.getByRole('button', { name: '改为要两个人' }).press('Enter')
  const rule = page.getByRole('region', { name: '第二位管理员' })
  await rule.getByLabel('账号').fill(approver.account)
  await rule.getByLabel('登录口令').fill(approver.pin)
  await rule.getByRole('button', { name: '同意' }).press('Enter')
  await expect(rule).toContainText('这个账号不能做第二个人：必须是另一位管理员。')
  await rule.getByLabel('账号').fill(other.account)
  await rule.getByLabel('登录口令').fill(other.pin)
  await rule.getByRole('button', { name: '同意' }).press('Enter')
  await expect(rule).toContainText('发布要两个人：发布人和另一位管理员。')

  await page.getByRole('radio', { name: '给所有窗口' }).check()
  await page.getByRole('radio', { name: '定个时间生效' }).check()
  const tomorrow = addDays(today, 1)
  await page.getByLabel('生效日期').fill(tomorrow.replaceAll('-', ''))
  await page.getByLabel('时间', { exact: true }).fill('00:00')
  await page.getByLabel('改了什么（窗口会看到）').fill(`${year}年的工作日历`)
  await page.getByLabel('发布密钥的口令').fill(publisherPin)
  await expect(page.getByText('还差：第二位管理员')).toBeVisible()
  const second = page.getByRole('group', { name: '第二位管理员' })
  await second.getByLabel('账号').fill(other.account)
  await second.getByLabel('登录口令').fill(other.pin)
  await pressPublish(page)
  await expect(page.getByText(/^第 2 次发布已送到中心，.* 生效。$/)).toBeVisible({ timeout: 30_000 })
  await expect(page.getByRole('region', { name: '各次发布' })).toContainText('复核：演练丁')
  await page.keyboard.press('Alt+4')
  await expect(page.getByText(/^第 2 次发布已在本机，.*自动生效，断网也一样/)).toBeVisible({ timeout: 30_000 })
  await expect(page.getByText(/^正在用第 1 次发布/)).toBeVisible()
})

test('a desk without a key makes one, and is told that windows do not know it yet', async ({ app }) => {
  const { page } = app
  rmSync(join(app.dataFolder, 'publisher-key.json'))
  await login(app)
  await openTab(page, '发布')
  const key = page.getByRole('region', { name: '发布密钥' })
  await expect(key).toContainText('这台机器上没有发布密钥')
  const make = key.getByRole('button', { name: '新做一把发布密钥' })
  await key.getByLabel('发布人名称').fill('演练发布二')
  await key.getByLabel('给它定一个口令（至少 6 位）').fill('12345')
  await expect(make).toBeDisabled()
  await key.getByLabel('给它定一个口令（至少 6 位）').fill('864209')
  await make.press('Enter')
  await expect(key).toContainText('已做好。请把公钥交给中心登记：', { timeout: 60_000 })
  await expect(key).toContainText('演练发布二，指纹')
  await expect(key).toContainText('这把密钥不是各窗口现在认的那一把')
})
