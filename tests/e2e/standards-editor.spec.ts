// Owns: what an administrator writes without the source: conditional questions, columns of a table, rules, days, members of a theme.
// Does not own: publishing it (standards.spec.ts), every shape of form and rule (unit/standards-questions, unit/standards-rule-tree).
// Start here: the first test.
import type { Page } from '@playwright/test'
import { expect, type RunningApp, test } from '../helpers/app.ts'
import { login } from '../helpers/window.ts'

const part = (page: Page, name: string) =>
  page.getByRole('navigation', { name: '标准的各个部分' }).getByRole('button', { name: new RegExp(`^${name}`) })
const question = (page: Page, name: string) => page.getByRole('button', { name: `${name}，看和改`, exact: true })
const preview = (page: Page) => page.getByRole('tabpanel', { name: '表单样子' })
const side = (page: Page, name: string) =>
  page.getByRole('tablist', { name: '右边看什么' }).getByRole('tab', { name: new RegExp(`^${name}`) })

/** Opens a standard from the list as an administrator. */
async function open({ page }: RunningApp, name: string): Promise<void> {
  await page.keyboard.press('Alt+4')
  await page.getByRole('tablist', { name: '事项标准' }).getByRole('tab', { name: /^编写/ }).click()
  await page.getByRole('button', { name: `修改：${name}` }).click()
}

/** Chooses from a list by mouse. */
async function choose(page: Page, label: string, option: string): Promise<void> {
  await page.getByLabel(label, { exact: true }).click()
  await page.locator('.ant-select-dropdown:visible').getByTitle(option, { exact: true }).click()
}

test('a question on a condition, a column and a rule are written without the source, and the preview asks them', async ({
  app,
}) => {
  const { page } = app
  await login(app)
  await open(app, '最低生活保障')
  await part(page, '表单').click()

  // Behind the question that it depends on: it stands in its group, and goes under its answer by one press.
  await question(page, '是否由他人代办').press('Enter')
  await page.getByRole('button', { name: '在下面加一题' }).press('Enter')
  await expect(page.getByLabel('题目', { exact: true })).toBeFocused()
  await page.keyboard.type('代办人是否住在一起')
  await choose(page, '怎么填', '选一个（平铺）')
  await page.getByRole('radio', { name: '只在…时问' }).check()
  await expect(question(page, '代办人是否住在一起')).toContainText('只在“是否由他人代办”是“是”时问')
  const asked = preview(page).getByRole('radiogroup', { name: '代办人是否住在一起' })
  await expect(asked).toHaveCount(0)
  await preview(page).getByRole('radiogroup', { name: '是否由他人代办' }).getByText('是', { exact: true }).click()
  await expect(asked).toBeVisible()

  await question(page, '共同生活的家庭成员').press('Enter')
  await page.getByRole('button', { name: '添加一列' }).press('Enter')
  await expect(page.getByLabel('列名', { exact: true })).toBeFocused()
  await page.keyboard.type('健康状况')
  const up = page.getByRole('button', { name: '“健康状况”上移' })
  await up.press('Enter')
  await expect(question(page, '健康状况')).toContainText('5. 健康状况')
  await expect(up).toBeFocused()
  await preview(page).getByRole('button', { name: '添加家庭成员' }).click()
  await expect(preview(page).getByRole('textbox', { name: '健康状况' })).toBeVisible()

  await part(page, '受理条件').click()
  const first = page.getByRole('article', { name: /^家庭人均收入低于/ })
  await first.getByRole('button', { name: '加：某题填了什么' }).press('Enter')
  await first.getByLabel('看什么').click()
  await page.keyboard.type('成员人数')
  await page.keyboard.press('Enter')
  await first.getByLabel('规则里的值').fill('2')
  await expect(first).toContainText('共同生活的家庭成员人数不小于2')
  await first.getByRole('button', { name: '再加一条' }).press('Enter')
  await first.getByLabel('规则里的值').last().fill('18')
  await expect(first).toContainText('共同生活的家庭成员人数不小于2，并且年龄满 18 周岁')
  await first.getByText('试一试：填几个答案，看结果').click()
  await expect(first.getByText('还不知道')).toBeVisible()
  await first.getByRole('textbox', { name: '共同生活的家庭成员人数' }).fill('3')
  await first.getByRole('textbox', { name: '年龄' }).fill('17')
  await expect(first.getByText('不符合', { exact: true })).toBeVisible()
  await first.getByRole('textbox', { name: '年龄' }).fill('18')
  await expect(first.getByText('符合', { exact: true })).toBeVisible()

  await expect(page.getByTestId('copy-saved')).toBeVisible()
  await side(page, '与上一版对照').click()
  await expect(page.getByText('新增题目：代办人是否住在一起')).toBeVisible()
  await page.getByText('左右对照').click()
  const after = page
    .getByRole('cell')
    .filter({ hasText: /只在“是否由他人代办”是“是”时问：代办人是否住在一起、代办人姓名/ })
  await expect(after).toBeVisible()
  await side(page, '检查').click()
  await expect(page.getByText('没有发现问题')).toBeVisible()

  // What was taken away comes back by one press.
  await part(page, '表单').click()
  await page.getByRole('button', { name: '删去“代办人是否住在一起”' }).click()
  await expect(question(page, '代办人是否住在一起')).toHaveCount(0)
  await page.getByRole('button', { name: '放回去' }).click()
  await expect(question(page, '代办人是否住在一起')).toContainText('只在“是否由他人代办”是“是”时问')
})

test('days off are pressed by keyboard, a member of a theme is chosen by name, an old version is begun from', async ({
  app,
}) => {
  const { page } = app
  await login(app)
  await open(app, '2026年工作日历')
  await expect(page.getByRole('heading', { name: '放假和上班' })).toBeVisible()
  await page.getByRole('button', { name: /^2026年1月1日 周四：放假/ }).focus()
  for (const key of ['ArrowDown', 'ArrowDown']) await page.keyboard.press(key)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: '2026年1月15日 周四：放假' })).toBeFocused()
  await expect(page.getByRole('region', { name: '放假' }).getByText('1月15日（周四）')).toBeVisible()
  await side(page, '历史').click()
  await page.getByRole('button', { name: '以2026年为底稿' }).click()
  await expect(page.getByRole('button', { name: '2026年1月15日 周四：工作日' })).toBeVisible()
  await page.getByRole('button', { name: '放回去' }).click()
  await expect(page.getByRole('button', { name: '2026年1月15日 周四：放假' })).toBeVisible()
  await page.keyboard.press('Escape')

  await open(app, '新生儿出生一件事')
  await part(page, '联办事项').click()
  await expect(preview(page).getByRole('textbox', { name: '联系电话' })).toBeVisible()
  await page.getByRole('button', { name: '添加一个事项' }).press('Enter')
  await page.keyboard.type('居住证')
  await page.keyboard.press('Enter')
  const added = page.getByRole('article').last()
  await expect(added.getByText('分开问的题目')).toBeVisible()
  await expect(preview(page).getByRole('textbox', { name: '居住登记的日期' })).toBeVisible()
  await added.getByRole('button', { name: '分开问一题' }).click()
  await expect(added.getByLabel('“姓名”在一件事里叫')).toHaveValue('name2')
  await expect(preview(page).getByRole('textbox', { name: '姓名', exact: true })).toHaveCount(3)
})
