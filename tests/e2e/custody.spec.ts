// Owns: keeping seals as an administrator does: adding one, its rules, its lease, stopping it; the register; people.
// Does not own: putting a seal on a page (seal.spec.ts), checking one (verify.spec.ts).
// Start here: the first test.
import type { Page } from '@playwright/test'
import { expect, type RunningApp, test } from '../helpers/app.ts'
import { fixture } from '../helpers/seals.ts'
import { login } from '../helpers/window.ts'

const sealPin = '演练-13579'
const committee = '南雄市演练镇演练村村务监督委员会'

const openTab = async (page: Page, name: string) => {
  await page.keyboard.press('Alt+3')
  await page.getByRole('tablist', { name: '印章' }).getByRole('tab', { name }).click()
}

/** Adds a training seal of an organisation by the screen. */
async function addSeal(page: Page, organisation: string, algorithm: string): Promise<void> {
  await openTab(page, '印章保管')
  await page.getByRole('button', { name: '添加印章' }).click()
  await page.getByRole('radio', { name: algorithm }).check()
  await page.getByLabel('给它定一个口令（至少 6 位）').fill(sealPin)
  await page.getByLabel('单位全称（沿圆边）').fill(organisation)
  await page.getByRole('radio', { name: '45 毫米' }).check()
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('heading', { name: new RegExp(organisation) })).toBeVisible({ timeout: 20_000 })
}

/** Brings in a paper past the screens, and says under which id. */
async function bringPaper(app: RunningApp, name: string): Promise<string> {
  const bytes = [...fixture('pdf-lib-table.pdf')]
  return await app.page.evaluate(
    async (given) => {
      const base = 'cunchuang' in window ? 'app://cunchuang/bytes' : '/api/bytes'
      const response = await fetch(`${base}/papers?name=${encodeURIComponent(given.name)}`, {
        method: 'PUT',
        body: new Uint8Array(given.bytes),
      })
      return ((await response.json()) as { value: { paper: { documentId: string } } }).value.paper.documentId
    },
    { name, bytes },
  )
}

test('a PIN that is typed while the seal file is still being read stays', async ({ app }) => {
  await login(app)
  const { page } = app
  await openTab(page, '印章保管')
  await page.getByRole('button', { name: '添加印章' }).click()
  await page.getByText('印章文件', { exact: true }).click()
  await page.evaluate(() => {
    const read = File.prototype.arrayBuffer
    const held = new Promise<void>((resolve) => document.addEventListener('file-may-be-read', () => resolve()))
    File.prototype.arrayBuffer = async function () {
      await held
      return read.call(this)
    }
  })
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: '公章.p12', mimeType: 'application/x-pkcs12', buffer: Buffer.from('a seal') })
  await page.getByLabel('印章口令').fill(sealPin)
  await page.evaluate(() => document.dispatchEvent(new Event('file-may-be-read')))
  await expect(page.getByText('已选：公章.p12')).toBeVisible()
  await expect(page.getByLabel('印章口令')).toHaveValue(sealPin)
})

test('an administrator adds a seal, binds its use to a second person, renews its lease and stops it', async ({
  app,
}) => {
  await login(app)
  const { page } = app
  await addSeal(page, committee, 'RSA')
  await expect(page.getByText('可以使用').first()).toBeVisible()

  await page.getByRole('checkbox', { name: '每次用印都要第二个人输入口令同意' }).check()
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText('规则已保存，从现在起生效。')).toBeVisible()

  await page.getByRole('button', { name: /^续期/ }).click()
  await expect(page.getByText('已续期。')).toBeVisible()
  await expect(page.getByText('还能盖 1000 次（共 1000 次）')).toBeVisible()

  await page.getByLabel('印章口令').fill('不对的口令')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toContainText('还可以再试')
  await page.getByLabel('印章口令').fill(sealPin)
  await page.keyboard.press('Enter')
  await expect(page.getByText('本次登录里不再问口令')).toBeVisible()

  const status = await app.call('seals.status', {})
  const seal = status.ok ? status.value.seals.find(({ organisation }) => organisation === committee) : undefined
  const documentId = await bringPaper(app, '演练证明.pdf')
  const request = {
    sealId: seal?.sealId ?? '',
    documentIds: [documentId],
    placements: [{ kind: 'page' as const, page: 1, xMm: 120, yMm: 200 }],
    certify: null,
    reason: '演练用印',
  }
  expect(await app.call('sealing.begin', { ...request, approval: null })).toMatchObject({
    ok: false,
    error: { code: 'SEAL_APPROVAL_NEEDED' },
  })
  const { approver } = app.training()
  // The register that is looked at while something is sealed takes it in by itself.
  await openTab(page, '用印登记')
  await expect(page.getByText('还没有用过印')).toBeVisible()
  const begun = await app.call('sealing.begin', { ...request, approval: approver })
  expect(begun).toMatchObject({ ok: true })
  const row = page.getByRole('row').filter({ hasText: '演练证明' })
  await expect(row).toContainText('审批：演练审批员', { timeout: 20_000 })
  await expect(row).toContainText('演练用印')
  await page.getByRole('searchbox').fill('没有这样的文书')
  await expect(page.getByText('没有符合条件的登记')).toBeVisible()
  await page.getByRole('button', { name: '清除条件' }).first().click()
  await expect(row).toBeVisible()

  await openTab(page, '印章保管')
  await page.getByRole('button', { name: new RegExp(committee) }).click()
  await page.getByRole('button', { name: '停用这枚印章' }).click()
  await page.getByLabel('停用的原因').fill('演练结束')
  await page.getByRole('button', { name: '确定停用' }).click()
  await expect(page.getByText('已停用').first()).toBeVisible()
  expect(await app.call('sealing.begin', { ...request, approval: approver })).toMatchObject({
    ok: false,
    error: { code: 'SEAL_REVOKED' },
  })
})

test('a person who was added logs in, and finds only what a clerk may do', async ({ app }) => {
  await login(app)
  await app.page.getByRole('link', { name: '设置' }).click()
  await app.page.getByLabel('姓名').fill('演练乙')
  await app.page.getByLabel('账号（小写字母、数字）').fill('yanyi')
  await app.page.getByLabel('登录口令（至少 6 位）').fill('246813')
  await app.page.getByRole('button', { name: /添加$/ }).click()
  await expect(app.page.getByText('已添加 演练乙。')).toBeVisible({ timeout: 20_000 })

  await app.call('session.lock', {})
  await app.page.reload()
  expect(await app.call('session.login', { account: 'yanyi', pin: '246813' })).toMatchObject({ ok: true })
  await app.page.reload()
  await expect(app.page.getByRole('banner')).toContainText('演练乙')
  await openTab(app.page, '印章保管')
  await expect(app.page.getByText('只有管理员能改这些规则。')).toBeVisible()
  await expect(app.page.getByRole('button', { name: '添加印章' })).toHaveCount(0)
})
