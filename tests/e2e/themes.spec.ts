// Owns: a 一件事 as a clerk takes it in: its matters ticked, one form, a shared paper once, a case and a receipt each.
// Does not own: how themes are merged (tests/unit), what the desk makes of them (tests/store/themes.test.ts).
// Start here: the test.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CallInput, CallName, CallOutput } from '../../preload/contract/api.ts'
import { expect, type RunningApp, test } from '../helpers/app.ts'
import { disabilityAnswers } from '../helpers/themes.ts'
import { addEveryMaterial, answer, delivered, login, materialCard } from '../helpers/window.ts'

type DeskAsk = <N extends CallName>(name: N, input: CallInput<N>) => Promise<CallOutput<N>>

test('a 一件事 is chosen, ticked, filled in once and taken in as a case each, with all receipts at once', async ({
  app,
}) => {
  const { page } = app
  await login(app)
  await page.keyboard.press('F2')
  await page.getByRole('textbox', { name: '查找事项' }).fill('xse')
  await expect(page.getByRole('button', { name: /新生儿出生一件事/ })).toContainText('一起办：生育登记')
  await page.keyboard.press('Enter')
  const choice = page.getByRole('region', { name: '这次一起办' })
  await expect(choice).toContainText('孩子已经上户口、有身份证号的')
  await expect(choice.getByRole('checkbox', { checked: true })).toHaveCount(2)

  // What is not ticked is not asked; ticked again, what was answered is there.
  const names = answer(page, '姓名')
  await names.first().fill('演练母')
  await names.last().fill('演练儿')
  const insurance = choice.getByRole('checkbox', { name: /医疗保险/ })
  await insurance.press('Space')
  await expect(names).toHaveCount(1)
  await expect(choice).toContainText('没勾的不收件')
  await choice.getByRole('checkbox', { name: /生育登记/ }).press('Space')
  await expect(choice).toContainText('至少要办一项')
  await insurance.press('Space')
  await expect(names.last()).toHaveValue('演练儿')
  await page.getByRole('button', { name: '丢弃草稿' }).click()
  await page.getByRole('button', { name: '丢弃', exact: true }).click()

  // The other theme is left half done and gone on with from the list of unfinished ones.
  await page.keyboard.press('F2')
  await page.getByRole('button', { name: /残疾人服务一件事/ }).click()
  await expect(answer(page, '姓名')).toBeFocused()
  const draftId = page.url().split('/').at(-1) ?? ''
  await page.keyboard.press('Escape')
  await expect(page.getByRole('tab', { name: /全部/ })).toBeVisible()
  await app.call('drafts.save', { draftId, answers: disabilityAnswers })
  await page.keyboard.press('F2')
  await page
    .getByRole('button', { name: /残疾人服务一件事/ })
    .last()
    .click()
  await answer(page, '姓名').fill('演练甲')
  const missing = page.getByRole('complementary', { name: '还缺什么' })
  await expect(missing).toContainText('残疾人证重新评定')
  await expect(materialCard(page, /^残疾人证$/)).toContainText('用于残疾人证重新评定、残疾人两项补贴')
  await expect(materialCard(page, /^残疾人证$/)).toHaveCount(1)
  await addEveryMaterial(page)
  await expect(page.getByText('齐了，可以收件')).toBeVisible()
  await page.keyboard.press('Control+Enter')

  // Two numbers, two receipts, one print.
  await expect(page.getByRole('heading', { name: '2 件都已收件' })).toBeVisible()
  await page.getByLabel('印章口令').fill(app.training().sealPin)
  await page.keyboard.press('Enter')
  await expect(page.locator('.together-case').getByText('盖章有效')).toHaveCount(2, { timeout: 30_000 })
  await expect(page.locator('canvas').first()).toBeVisible()
  await expect(page.getByRole('button', { name: /全部打印（2 份）/ })).toBeVisible()

  // Each case leads to the other, and the centre has both and knows that they belong together.
  await page.keyboard.press('Escape')
  const head = page.getByRole('main').locator('.case-head')
  await expect(head).toContainText('属于一件事“残疾人服务一件事”')
  await head.getByRole('link', { name: /残疾人两项补贴/ }).click()
  await expect(head.getByRole('heading')).toContainText('残疾人两项补贴')
  await delivered(app)
  const atCentre = async () => (await app.central('cases')).match(/一件事：残疾人服务一件事第 1 版，同办 \S+/g)?.length
  await expect.poll(atCentre).toBe(2)

  // Only a matter of it changes: the draft is moved and goes back, told without a number that says nothing.
  await page.keyboard.press('F2')
  await page.getByRole('button', { name: /新生儿出生一件事/ }).click()
  await answer(page, '姓名').first().fill('演练母')
  await expect(page.getByTestId('saved')).toBeVisible()
  await releaseChange(app)
  await page.keyboard.press('F2')
  await page.getByRole('complementary', { name: '接着办' }).getByRole('button').click({ timeout: 20_000 })
  await expect(page.getByText('这件事里的事项有变化，下面逐项说明。')).toBeVisible()
  await page.keyboard.press('Control+Enter')
  const back = page.getByRole('button', { name: '换回之前的' })
  await back.press('Enter')
  await expect(answer(page, '姓名').first()).toHaveValue('演练母')
  await expect(back).toBeVisible()
})

/** Releases 生育登记 with another department to all windows, past the screens. */
async function releaseChange(app: RunningApp): Promise<void> {
  const ask: DeskAsk = async (name, input) => {
    const result = await app.call(name, input)
    if (!result.ok) throw new Error(result.error.code)
    return result.value
  }
  const { publisherPin } = JSON.parse(readFileSync(join(app.dataFolder, 'training.json'), 'utf8'))
  const { copyId } = await ask('standards.begin', { kind: 'matter', id: 'SAMPLE-SYDJ', version: 1 })
  const { text } = await ask('standards.copy', { copyId })
  await ask('standards.save', { copyId, text: JSON.stringify({ ...JSON.parse(text), department: '演练部门' }) })
  const contents = { from: 'copies' as const, copyIds: [copyId] }
  const words = { note: '换了部门', pin: publisherPin, approval: null }
  await ask('standards.publish', { targets: 'all', contents, effectiveAtUtc: null, ...words })
}
