// Owns: what a screen says and does while an answer of the desk is on its way, or did not come: calls are held up on their way.
// Does not own: a desk that is dead (intake.spec.ts, standards.spec.ts). Electron's calls, and the files of its page, cannot be held up from outside.
// Start here: the first test.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, type RunningApp, test } from '../helpers/app.ts'
import { addEveryMaterial, fillAnswers, login, madeUpIdNumber, startDraft } from '../helpers/window.ts'

/** Holds a call up until it is let go; the answer then comes whole. */
async function holdUp(page: Page, call: string): Promise<() => Promise<void>> {
  let letGo = () => {}
  const held = new Promise<void>((resolve) => {
    letGo = resolve
  })
  await page.route(`**/api/call/${call}`, async (route) => {
    await held
    await route.continue()
  })
  return async () => {
    const answered = page.waitForResponse(`**/api/call/${call}`)
    letGo()
    await (await answered).finished()
    // What the page makes of it is drawn.
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))))
  }
}

const publishButton = (page: Page) => page.locator('.action-bar button')

const openTab = async (page: Page, name: RegExp) => {
  await page.keyboard.press('Alt+4')
  await page.getByRole('tablist', { name: '事项标准' }).getByRole('tab', { name }).click()
}

test('a lock holds, whatever a question from before it is answered with', async ({ app }) => {
  await login(app)
  const { page } = app
  const letGo = await holdUp(page, 'session.current')
  const body = `data: ${JSON.stringify({ event: 'locked', payload: {} })}\n\n`
  await page.route('**/api/events', (route) => route.fulfill({ contentType: 'text/event-stream', body }), { times: 1 })
  await page.reload()
  await expect(page.getByRole('button', { name: '登录' })).toBeVisible()
  await letGo()
  await expect(page.getByRole('tab', { name: /全部/ })).toBeHidden()
  await expect(page.getByRole('button', { name: '登录' })).toBeVisible()
})

test('matters are not counted while their list is being read', async ({ app }) => {
  await login(app)
  const { page } = app
  const letGo = await holdUp(page, 'matters.list')
  await page.reload()
  await expect(page.getByRole('tab', { name: /全部/ })).toBeVisible()
  await page.keyboard.press('F2')
  const find = page.getByRole('textbox', { name: '查找事项' })
  await find.fill('gljt')
  await find.press('ArrowDown')
  await expect(page.getByRole('region', { name: '查找事项' })).toBeVisible()
  await expect(page.getByText(/^找到/)).toBeHidden()
  await letGo()
  await expect(page.getByText('找到 1 项')).toBeVisible()
  await find.press('Enter')
  await expect(page.getByRole('textbox', { name: '姓名', exact: true })).toBeFocused()
})

test('a window that stays open over midnight asks anew which matters are open and what changed', async ({ app }) => {
  const { page } = app
  await page.clock.install()
  await page.reload()
  await login(app)
  await page.keyboard.press('Alt+4')
  await expect(page.getByRole('tablist', { name: '事项标准' })).toBeVisible()
  const asked = new Set<string>()
  await page.route('**/api/call/station.status', async (route) => {
    const response = await route.fetch()
    const answer = (await response.json()) as { value: { todayInShanghai: string } }
    answer.value.todayInShanghai = '2099-01-01'
    page.on('request', (request) => asked.add(new URL(request.url()).pathname))
    await route.fulfill({ response, json: answer })
  })
  await page.clock.fastForward('05:01')
  await expect.poll(() => [...asked]).toContain('/api/call/standards.updates')
  await page.keyboard.press('F2')
  await expect.poll(() => [...asked]).toContain('/api/call/matters.list')
  await page.unrouteAll({ behavior: 'wait' })
})

test('nothing is called faulty before the desk has looked at what would be published', async ({ app }) => {
  await login(app)
  const { page } = app
  const letGo = await holdUp(page, 'standards.plan')
  await openTab(page, /^发布/)
  await expect(page.getByText('还差：等检查完、给谁、改了什么、发布密钥的口令')).toBeVisible()
  await letGo()
  await expect(page.getByText('还差：给谁、改了什么、发布密钥的口令')).toBeVisible()
})

test('a standard that opened only at the second try is left as any other: what was only looked at is no change', async ({
  app,
}) => {
  await login(app)
  const { page } = app
  await openTab(page, /^编写/)
  const failure = { ok: false, error: { code: 'DESK_RESTARTING', details: {} } }
  await page.route('**/api/call/standards.copy', (route) => route.fulfill({ json: failure }), { times: 1 })
  await page.getByRole('button', { name: '修改：临时救助' }).press('Enter')
  await page.getByRole('button', { name: '再试一次' }).press('Enter')
  await expect(page.getByRole('textbox', { name: '事项名称' })).toHaveValue('临时救助')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name: '修改：临时救助' })).toBeVisible()
  await expect(page.getByRole('row').filter({ hasText: '临时救助' })).not.toContainText('正在改')
})

test('a check that failed can be tried again, and nothing is published before it is there', async ({ app }) => {
  await login(app)
  const { page } = app
  const failure = { ok: false, error: { code: 'DISK_FULL', details: {} } }
  await page.route('**/api/call/standards.plan', (route) => route.fulfill({ json: failure }))
  await openTab(page, /^发布/)
  await expect(page.getByText('还差：给谁、改了什么、发布密钥的口令')).toBeVisible()
  await page.getByRole('radio', { name: '给所有窗口' }).check()
  await page.getByLabel('改了什么（窗口会看到）').fill('换了部门')
  await page.getByLabel('发布密钥的口令').fill('123456')
  await expect(page.getByText(/^还差/)).toBeHidden()
  await expect(publishButton(page)).toBeDisabled()
  await page.unroute('**/api/call/standards.plan')
  await page.getByRole('button', { name: '再试一次' }).press('Enter')
  await expect(publishButton(page)).toBeEnabled()
})

/** Logs in, changes one matter and presses 发布. Returns what lets the answer come. */
async function publishHeldUp(app: RunningApp): Promise<() => Promise<void>> {
  await login(app)
  const { page } = app
  const { publisherPin }: { publisherPin: string } = JSON.parse(
    readFileSync(join(app.dataFolder, 'training.json'), 'utf8'),
  )
  const begun = await app.call('standards.begin', { kind: 'matter', id: 'SAMPLE-GLJT', version: 1 })
  const copyId = begun.ok ? begun.value.copyId : ''
  const copy = await app.call('standards.copy', { copyId })
  const written = copy.ok ? JSON.parse(copy.value.text) : {}
  await app.call('standards.save', { copyId, text: JSON.stringify({ ...written, department: '民政局' }) })
  const letGo = await holdUp(page, 'standards.publish')
  await openTab(page, /^发布/)
  await page.getByRole('radio', { name: '给所有窗口' }).check()
  await page.getByLabel('改了什么（窗口会看到）').fill('换了部门')
  await page.getByLabel('发布密钥的口令').fill(publisherPin)
  const publish = publishButton(page)
  await expect(publish).toBeEnabled()
  await publish.press('Enter')
  await expect(publish).toHaveClass(/loading/)
  return letGo
}

test('what was published while another tab was open is not asked for again', async ({ app }) => {
  const { page } = app
  const letGo = await publishHeldUp(app)
  await openTab(page, /^采用情况/)
  await letGo()
  await openTab(page, /^发布/)
  await expect(page.getByRole('region', { name: '各次发布' }).getByText('第 2 次')).toBeVisible()
  await expect(page.getByLabel('改了什么（窗口会看到）')).toHaveValue('')
  await expect(page.getByText('上次选的、写的都还在')).toBeHidden()
})

test('a screen opened while it was published empties with it, and does not write it down again', async ({ app }) => {
  const { page } = app
  const letGo = await publishHeldUp(app)
  await openTab(page, /^采用情况/)
  await openTab(page, /^发布/)
  const note = page.getByLabel('改了什么（窗口会看到）')
  await expect(note).toHaveValue('换了部门')
  await expect(publishButton(page)).toHaveClass(/loading/)
  await letGo()
  await expect(note).toHaveValue('')
  await openTab(page, /^采用情况/)
  await openTab(page, /^发布/)
  await expect(page.getByRole('region', { name: '各次发布' }).getByText('第 2 次')).toBeVisible()
  await expect(note).toHaveValue('')
})

test('no print dialog comes up over the next screen, also while its own code is still being read', async ({ app }) => {
  await startDraft(app)
  const { page } = app
  await fillAnswers(page, '演练未', madeUpIdNumber('19400315', '131'))
  await addEveryMaterial(page)
  await page.keyboard.press('Control+Enter')
  await page.getByLabel('印章口令').fill(app.training().sealPin)
  await page.keyboard.press('Enter')
  await expect(page.getByText('盖章有效')).toBeVisible({ timeout: 30_000 })
  await expect(page.getByRole('img', { name: /^第 1 页/ })).toBeVisible()
  await page.route('**/CaseScreen-*.js', () => new Promise(() => {}))
  await page.evaluate(holdDrawing)
  await page.keyboard.press('F9')
  await expect(page.locator('body')).toHaveAttribute('data-drawn', 'held')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('heading', { name: '已收件' })).toBeHidden()
  await page.evaluate(() => document.body.dispatchEvent(new Event('go-on')))
  await expect(page.locator('body')).toHaveAttribute('data-drawn', 'done')
  await expect(page.locator('body')).not.toHaveAttribute('data-printed')
})

/** Runs in the page: the page that is drawn for printing is held until the body hears `go-on`; shortly after that it is `done`. */
function holdDrawing(): void {
  window.print = () => {
    document.body.dataset.printed = 'yes'
  }
  const { toBlob } = HTMLCanvasElement.prototype
  HTMLCanvasElement.prototype.toBlob = function (take, ...format) {
    document.body.addEventListener('go-on', () => toBlob.call(this, take, ...format), { once: true })
    // A page of this size is a picture within a second.
    document.body.addEventListener('go-on', () => setTimeout(() => (document.body.dataset.drawn = 'done'), 1500))
    document.body.dataset.drawn = 'held'
  }
}
