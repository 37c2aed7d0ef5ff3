// Owns: what an administrator and a clerk see of where a matter is taken in, of a copied standard, and of the publisher's key file.
// Does not own: the rule itself (unit/standards-scope), lists and drafts by it (store/standards-scope), the key's checks (store/standards-keys).
// Start here: the first test.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, type RunningApp, test } from '../helpers/app.ts'
import { login } from '../helpers/window.ts'

async function toDesk({ page }: RunningApp, tab: RegExp): Promise<void> {
  await page.keyboard.press('Alt+4')
  await page.getByRole('tablist', { name: '事项标准' }).getByRole('tab', { name: tab }).click()
}

const side = (page: Page, name: string) =>
  page.getByRole('tablist', { name: '右边看什么' }).getByRole('tab', { name: new RegExp(`^${name}`) })

test('places are chosen by name, told by name, and the matter is gone here once it is taken in elsewhere alone', async ({
  app,
}, info) => {
  const { page } = app
  await login(app)
  await toDesk(app, /^编写/)
  await page.getByRole('button', { name: '修改：高龄津贴' }).click()
  const field = page.getByRole('combobox', { name: '收件的镇村' })
  await expect(page.getByText('全县都收', { exact: true })).toBeVisible()
  await field.click()
  await page.keyboard.type('乌迳')
  await page.locator('.ant-select-dropdown:visible').getByTitle('乌迳镇（全镇）', { exact: true }).click()
  await page.keyboard.press('Escape')
  await expect(page.locator('.ant-select-selection-item', { hasText: '乌迳镇（全镇）' })).toBeVisible()
  await side(page, '与上一版对照').click()
  await expect(page.getByText('收件的镇村增加了“乌迳镇”')).toBeVisible()
  await page.screenshot({ path: info.outputPath('places.png') })
  await expect(page.getByTestId('copy-saved')).toBeVisible()
  const desk = await app.call('standards.desk', {})
  const copyId = desk.ok ? (desk.value.documents.find(({ id }) => id === 'SAMPLE-GLJT')?.copyId ?? '') : ''
  await app.call('standards.publish', {
    ...{
      targets: 'all',
      contents: { from: 'copies', copyIds: [copyId] },
      effectiveAtUtc: null,
      note: '',
      approval: null,
    },
    pin: JSON.parse(readFileSync(join(app.dataFolder, 'training.json'), 'utf8')).publisherPin,
  })
  await page.keyboard.press('F2')
  await page.getByRole('textbox', { name: '找事项' }).fill('高龄津贴')
  await expect(page.getByText('没有叫这个名字的事项')).toBeVisible()
  await page.screenshot({ path: info.outputPath('gone.png') })
})

test('a standard is copied as the start of a new one, whose codes are to be given', async ({ app }, info) => {
  const { page } = app
  await login(app)
  await toDesk(app, /^编写/)
  const copy = page.getByRole('button', { name: '复制成新的一份：高龄津贴' })
  await expect(copy).toBeVisible()
  await page.screenshot({ path: info.outputPath('list.png') })
  await copy.click()
  await expect(page.getByRole('heading', { name: '高龄津贴（复制）' })).toBeVisible()
  await page.screenshot({ path: info.outputPath('copy.png') })
  await side(page, '检查').click()
  await expect(page.getByText('实施编码', { exact: false }).first()).toBeVisible()
})

test('the PIN of the key is changed, and its file is put in place again with the PIN that it has', async ({
  app,
}, info) => {
  const { page } = app
  const before = readFileSync(join(app.dataFolder, 'publisher-key.json'))
  const { publisherPin } = JSON.parse(readFileSync(join(app.dataFolder, 'training.json'), 'utf8'))
  await login(app)
  await toDesk(app, /^发布/)
  await page.getByRole('button', { name: '改口令', exact: true }).click()
  await page.getByLabel('现在的口令', { exact: true }).fill('不对的口令')
  await page.getByLabel('新口令（至少 6 位）').fill('新口令-2468')
  await page.getByLabel('再输一遍新口令').fill('新口令-2468')
  await page.getByRole('button', { name: '改口令', exact: true }).click()
  await expect(page.getByText('发布密钥的口令不对。', { exact: false })).toBeVisible()
  await expect(page.getByLabel('现在的口令', { exact: true })).toBeFocused()
  await page.keyboard.type(publisherPin)
  await page.getByRole('button', { name: '改口令', exact: true }).scrollIntoViewIfNeeded()
  await page.screenshot({ path: info.outputPath('pin.png') })
  await page.getByRole('button', { name: '改口令', exact: true }).click()
  await expect(page.getByText('口令已改。')).toBeVisible()

  await page.getByRole('button', { name: '换上密钥文件' }).click()
  const choose = (name: string, buffer: Buffer) =>
    page.getByLabel('选密钥文件').last().setInputFiles({ name, mimeType: 'application/json', buffer })
  await choose('other.json', Buffer.from('{}'))
  await page.getByLabel('密钥文件的口令').fill(publisherPin)
  await page.getByRole('button', { name: '换上', exact: true }).click()
  await expect(page.getByText('这个发布密钥文件读不了', { exact: false })).toBeVisible()
  await choose('key.json', before)
  await expect(page.getByText('已选：key.json')).toBeVisible()
  await page.screenshot({ path: info.outputPath('key.png') })
  await page.getByRole('button', { name: '换上', exact: true }).click()
  await expect(page.getByText('已换上。以后的发布用它签名。')).toBeVisible()
  await page.screenshot({ path: info.outputPath('key-put.png') })
})
