// Owns: what a clerk does at the window, for end-to-end specs: logging in, starting a case, filling it.
// Does not own: the running program (app.ts).
// Start here: `login`, then `startDraft`.
import { join } from 'node:path'
import { expect, type Locator, type Page } from '@playwright/test'
import { idCheckDigit } from '../../preload/contract/identity.ts'
import { type RunningApp, root } from './app.ts'

/** Logs in with the training PIN that the login screen shows. */
export async function login(app: RunningApp): Promise<void> {
  await app.page.getByRole('button', { name: '填入' }).click()
  await app.page.getByRole('button', { name: '登录' }).click()
  await expect(app.page.getByRole('tab', { name: /全部/ })).toBeVisible({ timeout: 30_000 })
}

/** Nobody's number: a made-up birthday (YYYYMMDD) and sequence with the right check digit (GB 11643). */
export function madeUpIdNumber(birthday: string, sequence: string): string {
  const body = `999999${birthday}${sequence}`
  return `${body}${idCheckDigit(body)}`
}

/** An answer's text field by its label. */
export const answer = (page: Page, label: string): Locator => page.getByRole('textbox', { name: label, exact: true })

/** The card of a material. */
export const materialCard = (page: Page, name: string | RegExp): Locator => page.getByRole('article', { name })

/** Logs in and begins a 高龄津贴; resolves with the draft's id once its form is there. */
export async function startDraft(app: RunningApp): Promise<string> {
  await login(app)
  await app.page.keyboard.press('F2')
  await app.page.getByRole('textbox', { name: '查找事项' }).fill('gljt')
  await expect(app.page.getByRole('button', { name: /^高龄津贴/ })).toBeVisible()
  await app.page.keyboard.press('Enter')
  await expect(answer(app.page, '姓名')).toBeFocused()
  return app.page.url().split('/').at(-1) ?? ''
}

/** Fills every required answer of the 高龄津贴. */
export async function fillAnswers(page: Page, name: string, idNumber: string): Promise<void> {
  await answer(page, '姓名').fill(name)
  await answer(page, '身份证号').fill(idNumber)
  await answer(page, '联系电话').fill('13800000000')
  await page.getByRole('radiogroup', { name: '户籍是否在本市' }).getByText('是', { exact: true }).click()
  await page.getByRole('button', { name: /^本村/ }).click()
  await answer(page, '详细地址').fill('演练组1号')
  await answer(page, '开户银行').fill('演练信用社')
  await answer(page, '银行户名').fill(name)
  await answer(page, '银行账号').fill('6222020000000000')
}

/** Gives a picture to every material that is still missing. */
export async function addEveryMaterial(page: Page): Promise<void> {
  const photo = await page.screenshot({ type: 'jpeg' })
  const lacking = page.getByRole('article').filter({ hasText: '还缺' })
  for (let left = await lacking.count(); left > 0; left -= 1) {
    const picker = lacking.first().locator('input[type=file]')
    await picker.setInputFiles({ name: `演练材料${left}.jpg`, mimeType: 'image/jpeg', buffer: photo })
    await expect(lacking).toHaveCount(left - 1)
  }
}

/** With CUNCHUANG_PICTURES, takes the README's picture of that name. */
export async function picture(page: Page, name: string): Promise<void> {
  if (process.env.CUNCHUANG_PICTURES === undefined) return
  // The pointer leaves no hover, the clock of a running second no difference.
  await page.mouse.move(0, 0)
  await page.screenshot({ path: join(root, 'docs', 'pictures', `${name}.png`) })
}

/**
 * Waits until the text of every case has left; a receipt that is not sealed yet waits for its seal first. The bar alone may
 * not have heard of the case yet: the desk is asked.
 */
export async function delivered(app: RunningApp): Promise<void> {
  const unsent = async () => {
    const status = await app.call('sync.status', {})
    return status.ok ? status.value.unsentCases : status.error.code
  }
  await expect.poll(unsent, { timeout: 60_000 }).toBe(0)
  await expect(app.page.getByRole('banner')).not.toContainText('未送达', { timeout: 60_000 })
}
