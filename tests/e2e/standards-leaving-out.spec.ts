// Owns: by the screens: a standard taken out of the next release, a trial and a scheduled change left out of an urgent one.
// Does not own: what leaving out comes to at every place (store/standards-leaving-out.test.ts).
// Start here: the test.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CallInput, CallName, CallOutput } from '../../preload/contract/api.ts'
import { expect, type RunningApp, test } from '../helpers/app.ts'
import { pressPublish } from '../helpers/office.ts'
import { login } from '../helpers/window.ts'

test.setTimeout(120_000)

async function ask<N extends CallName>(app: RunningApp, name: N, input: CallInput<N>): Promise<CallOutput<N>> {
  const result = await app.call(name, input)
  if (!result.ok) throw new Error(result.error.code)
  return result.value
}

/** A matter with another department, as a working copy. */
async function write(app: RunningApp, id: string, department: string): Promise<string> {
  const { copyId } = await ask(app, 'standards.begin', { kind: 'matter', id, version: 1 })
  const { text } = await ask(app, 'standards.copy', { copyId })
  await ask(app, 'standards.save', { copyId, text: JSON.stringify({ ...JSON.parse(text), department }) })
  return copyId
}

test('an urgent release takes a matter out, and leaves out what a village tries and what waits for its day', async ({
  app,
}) => {
  const { page } = app
  const pin: string = JSON.parse(readFileSync(join(app.dataFolder, 'training.json'), 'utf8')).publisherPin
  await login(app)
  await expect(page.getByRole('banner')).toContainText('在线', { timeout: 60_000 })
  const publish = (wish: Pick<CallInput<'standards.publish'>, 'targets' | 'contents' | 'effectiveAtUtc'>) =>
    ask(app, 'standards.publish', { ...wish, note: '换了部门', pin, approval: null })
  const ring = { targets: ['440282113201'], effectiveAtUtc: null }
  await publish({
    ...{ ...ring, contents: { from: 'copies', copyIds: [await write(app, 'SAMPLE-LSJZ', '救助站')] } },
  })
  const { out } = await ask(app, 'standards.plan', { targets: 'all', contents: { from: 'copies', copyIds: [] } })
  const inDays = new Date(Date.now() + 20 * 86_400_000)
  inDays.setUTCSeconds(0, 0)
  const copyIds = [await write(app, 'SAMPLE-GLJT', '民政局新年')]
  const contents = { from: 'copies' as const, copyIds, left: out.map(({ key }) => key) }
  await publish({ targets: 'all', contents, effectiveAtUtc: inDays.toISOString() })

  await page.keyboard.press('Alt+4')
  const tab = (name: string) => page.getByRole('tablist', { name: '事项标准' }).getByRole('tab', { name })
  await tab('编写').click()
  const row = page.getByRole('row', { name: /失业登记/ })
  await page.getByRole('button', { name: '从下次发布去掉：失业登记' }).press('Enter')
  await expect(row).toContainText('下次发布去掉')
  const keep = page.getByRole('button', { name: '不去掉了：失业登记' })
  await expect(keep).toBeFocused()
  await keep.press('Enter')
  await expect(page.getByRole('button', { name: '修改：失业登记' })).toBeFocused()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect(keep).toBeFocused()

  await page.keyboard.press('Control+Enter')
  await page.getByRole('radio', { name: '给所有窗口' }).check()
  await expect(page.getByText('与所有窗口在用的第 1 次发布比')).toBeVisible()
  await expect(page.getByText('整份去掉：以后不再收这个事项')).toBeVisible()
  const left = page.getByRole('group', { name: /还没有给所有窗口的/ })
  const scheduled = left.getByRole('checkbox', { name: /高龄津贴 第 2 版 原定 .* 起给所有窗口/ })
  const tried = left.getByRole('checkbox', { name: /临时救助 第 2 版 还在.*试用（第 2 次发布）/ })
  await expect(scheduled).toBeChecked()
  await expect(tried).not.toBeChecked()
  await expect(left.getByText(/试用也就结束/)).toHaveCount(1)
  const notice = page.getByText(/第 3 次发布定在 .* 生效，现在选的时间比它早。高龄津贴 会跟着这次提前生效/)
  await expect(notice).toBeVisible()
  await page.getByRole('button', { name: '改到那时生效' }).press('Enter')
  await expect(notice).toBeHidden()
  await expect(page.getByLabel('生效日期')).toHaveValue(/^\d{4}-\d{2}-\d{2}$/)
  await page.getByRole('radio', { name: '马上生效' }).check()
  await scheduled.press('Space')
  await expect(page.getByText(/没有带上的 高龄津贴，到 .* 也不再生效/)).toBeVisible()
  await expect(page.getByRole('region', { name: '会影响谁' })).toContainText('全县没有正在办的相关办件')
  await page.getByLabel('改了什么（窗口会看到）').fill('失业登记另有平台办')
  await page.getByLabel('发布密钥的口令').fill(pin)
  await pressPublish(page)
  await expect(page.getByText('第 4 次发布已送到中心，马上生效。')).toBeVisible({ timeout: 30_000 })

  await tab('在用的标准').click()
  await expect(page.getByRole('heading', { name: '失业登记 不再受理' })).toBeVisible()
  await expect(page.getByRole('heading', { name: /今天有 1 个事项更新/ })).toBeVisible()
})
