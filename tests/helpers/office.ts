// Owns: what an administrator does at the screens of 事项标准, for end-to-end specs.
// Does not own: what a clerk does (window.ts), the running program (app.ts).
// Start here: `writeChange`, `publish`.
import { expect, type Page } from '@playwright/test'

const tab = (page: Page, name: string) =>
  page.getByRole('tablist', { name: '事项标准' }).getByRole('tab', { name: new RegExp(`^${name}`) })
/** Opens 事项标准 at one of its tabs. */
export const openTab = async (page: Page, name: string) => {
  await page.keyboard.press('Alt+4')
  await tab(page, name).click()
}

/** 高龄津贴 from 79 on, with one more paper, written by the screen. */
export async function writeChange(page: Page): Promise<void> {
  await openTab(page, '编写')
  await expect(page.getByRole('button', { name: '修改：高龄津贴' })).toBeVisible()
  await page.getByRole('button', { name: '修改：高龄津贴' }).click()
  await expect(page.getByRole('heading', { name: '基本信息' })).toBeVisible()
  const part = (name: string) => page.getByRole('navigation', { name: '标准的各个部分' }).getByRole('button', { name })
  await part('受理条件').click()
  const first = page.getByRole('article', { name: /申请人年满/ })
  await first.getByLabel('条件').fill('申请人年满79周岁')
  await first.getByLabel('规则里的值').fill('79')
  await expect(first).toContainText('年龄满 79 周岁')
  await part('表单').click()
  await part('申请材料').click()
  await page.getByRole('button', { name: '添加一项' }).click()
  await expect(page.getByLabel('名称').last()).toBeFocused()
  await expect(page.getByRole('article').last()).toHaveAccessibleName(/^第 \d+ 项$/)
  await page.keyboard.type('护理情况说明')
  await expect(page.getByTestId('copy-saved')).toBeVisible()
  await page.getByRole('tab', { name: /^检查/ }).click()
}

/** The change that `writeChange` wrote, against the version in force. */
export async function compareChange(page: Page): Promise<void> {
  await page.getByRole('tab', { name: '与上一版对照' }).click()
  await expect(page.getByText('年龄由满 80 周岁改为满 79 周岁')).toBeVisible()
  await expect(page.getByText('新增材料：护理情况说明')).toBeVisible()
  await page.getByText('左右对照').click()
}

/** Says what changed and signs and signs with the training publisher's PIN. */
export async function publish(page: Page, note: string): Promise<void> {
  const pin = await page.getByText('演练发布口令：').locator('.number').textContent()
  await page.getByLabel('改了什么（窗口会看到）').fill(note)
  await page.getByLabel('发布密钥的口令').fill(pin ?? '')
  await pressPublish(page)
}

/** Presses Ctrl+Enter once what goes out was checked: before that the key does nothing, as the button says. */
export async function pressPublish(page: Page): Promise<void> {
  await expect(page.locator('.action-bar').getByRole('button', { name: '发布' })).toBeEnabled()
  await page.keyboard.press('Control+Enter')
}
