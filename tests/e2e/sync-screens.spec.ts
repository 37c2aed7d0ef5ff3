// Owns: the screens of 同步与对账 as a clerk uses them: stick, day, returned cases, notices, by keyboard alone and zoomed.
// Does not own: the way of one case and its photo (sync-photo.spec.ts).
// Start here: any test.
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import type { RunningApp } from '../helpers/app.ts'
import { expect, test } from '../helpers/bad-link.ts'
import { type CentreProcess, startCentre } from '../helpers/centre.ts'
import {
  addEveryMaterial,
  delivered,
  fillAnswers,
  login,
  madeUpIdNumber,
  picture,
  startDraft,
} from '../helpers/window.ts'

const screen = async (page: Page, tab: string) => {
  await page.keyboard.press('Alt+5')
  await page.getByRole('tab', { name: new RegExp(`^${tab}`) }).click()
}

/** A first start enrols by itself: until then there is no centre to speak of. */
const enrolled = (page: Page) => expect(page.getByRole('banner')).toContainText('在线', { timeout: 60_000 })

/** Takes a case in and gives its number; `before` runs while the draft is open. */
const takeIn = async (app: RunningApp, name: string, idNumber: string, before?: () => unknown): Promise<string> => {
  const { page } = app
  await startDraft(app)
  await enrolled(page)
  await before?.()
  await fillAnswers(page, name, idNumber)
  await addEveryMaterial(page)
  await expect(page.getByText('齐了，可以收件')).toBeVisible()
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText(/这件办件已经安全存在本机/)).toBeVisible()
  const found = page.getByText(/^\d{12}-\d+-\d{8}-\d{4}$/).first()
  return (await found.textContent()) ?? ''
}

test('what waits goes out on a stick, and the answer comes back on it, with the link down all the time', async ({
  app,
  link,
  stick,
}) => {
  const { page } = app
  const number = await takeIn(app, '演练戊', madeUpIdNumber('19430505', '905'), () => {
    link.shape({ mode: 'reset' })
    link.cut()
  })
  await screen(page, 'U盘')
  await expect(page.getByText(/要带 1 件办件/)).toBeVisible()
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('main')).toContainText('已写好', { timeout: 60_000 })
  await picture(page, 'stick')

  // In town: handed to the centre by hand, its answer written beside it.
  const folder = join(stick, '村窗')
  const [bundle = ''] = readdirSync(folder)
  const answer = bundle.replace('.cunchuang', '-回执.cunchuang')
  await app.central('bundle', 'import', join(folder, bundle), '--out', join(folder, answer))

  await expect(page.getByText(/中心的回执在U盘里/)).toBeVisible({ timeout: 30_000 })
  await page.keyboard.press('Control+Enter')
  await delivered(app)
  await page.keyboard.press('Alt+1')
  await expect(page.getByRole('row').filter({ hasText: number.slice(-13) })).toContainText('中心已收')
})

test('no stick, and another one than ours, are told in words', async ({ app, stick }) => {
  const { page } = app
  await login(app)
  mkdirSync(join(stick, '村窗'))
  await screen(page, 'U盘')
  await expect(page.getByText('没有要带走的：中心已经全部收到，不用U盘。')).toBeVisible({ timeout: 30_000 })
  await page.getByText('替别的村送', { exact: true }).click()
  await expect(page.getByText(/这个U盘上没有别的村带来的内容/)).toBeVisible()
})

test('the day is held against the centre at a key, and printed', async ({ app }) => {
  const { page } = app
  await takeIn(app, '演练己', madeUpIdNumber('19440606', '906'))
  await delivered(app)
  await screen(page, '日清')
  await expect(page.getByRole('button', { name: /今天/ })).toBeVisible()
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText(/今天与中心一致：\d+ 条记录、1 件办件/)).toBeVisible({ timeout: 30_000 })
  await picture(page, 'day')
  await page.keyboard.press('F9')
  await expect(page.locator('canvas').first()).toBeVisible({ timeout: 30_000 })
  await page.keyboard.press('Escape')
  await expect(page.getByText(/今天与中心一致/)).toBeVisible()
})

test('a returned case cannot be overlooked: it is counted in the bar and leads to itself', async ({ app }) => {
  const { page } = app
  const number = await takeIn(app, '演练庚', madeUpIdNumber('19450707', '907'))
  await delivered(app)
  await app.central('decide', number, 'corrections', '--reason', '户口簿首页看不清，请重拍')
  const returned = page.getByRole('link', { name: '退回 1 件' })
  await expect(returned).toBeVisible({ timeout: 60_000 })
  await page.keyboard.press('Alt+5')
  await expect(page.getByRole('heading', { name: /退回的办件，先处理这些/ })).toBeVisible()
  await picture(page, 'returned')
  await returned.click()
  await expect(page.getByRole('tab', { name: /退回/, selected: true })).toBeVisible()
  await expect(page.getByRole('row').filter({ hasText: number.slice(-13) })).toContainText('需补正')
})

test('a case of the hall is taken up over the relay, and stays in sight when the relay falls silent', async ({
  app,
  link,
  centrePort,
}) => {
  const { page } = app
  const folder = mkdtempSync(join(tmpdir(), 'cunchuang-hall-'))
  let relay: CentreProcess | undefined
  try {
    const number = await takeIn(app, '演练辛', madeUpIdNumber('19460808', '908'), async () => {
      const status = await app.call('station.status', {})
      const town = status.ok ? status.value.stationId.slice(0, 9) : ''
      const code = await app.central('enrolment-code', '--relay', town)
      const upstream = ['--upstream', `http://127.0.0.1:${centrePort}`, '--code', code.trim()]
      relay = await startCentre(folder, [...upstream, '--name', '演练镇大厅'])
      const { url } = relay
      await expect.poll(async () => (await app.call('hall.setRelay', { url })).ok, { timeout: 60_000 }).toBe(true)
      link.shape({ mode: 'reset' })
      link.cut()
    })
    await screen(page, '大厅')
    const row = page.getByRole('row').filter({ hasText: number.slice(-13) })
    await expect(row).toContainText('还没有人认领', { timeout: 60_000 })
    await expect(page.getByText(/认领是告诉大厅别的窗口/)).toBeVisible()
    await page.keyboard.press('Control+Enter')
    await expect(row).toContainText('本窗口在办')
    await expect(page.getByRole('button', { name: /放回/ })).toBeVisible()
    await picture(page, 'hall')
    await relay?.kill('SIGKILL')
    await expect(page.getByText(/连不上，下面是 .* 看到的/)).toBeVisible({ timeout: 30_000 })
    await expect(row).toContainText('本窗口在办')
    await page.getByRole('searchbox').fill('高龄')
    await expect(page.getByText('连不上大厅的中转机，看不到别的窗口的办件')).toBeVisible({ timeout: 30_000 })
  } finally {
    await relay?.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
})

test('an urgent notice stays above every screen until somebody has read it', async ({ app }) => {
  const { page } = app
  await login(app)
  await enrolled(page)
  await app.central('notice', '今天 17 点停电检修，照常收件。', '--urgent')
  const band = page.getByRole('alert', { name: '中心急件' })
  await expect(band).toContainText('今天 17 点停电检修，照常收件。', { timeout: 60_000 })
  await expect(page.getByRole('link', { name: '通知 1 条' })).toBeVisible()
  await page.keyboard.press('Alt+4')
  await expect(band).toBeVisible()
  await band.getByRole('button', { name: '知道了' }).click()
  await expect(band).toBeHidden()
  await screen(page, '通知')
  await expect(page.getByRole('list', { name: '中心发来的通知' })).toContainText('已读')
})

test('every screen of sync is reached, used and left by the keyboard alone', async ({ app }) => {
  const { page } = app
  await login(app)
  await page.keyboard.press('Alt+5')
  const tabs = page.getByRole('tablist', { name: '同步与对账' }).getByRole('tab')
  await tabs.first().focus()
  for (const name of ['U盘', '日清', '大厅', '通知', '网络设置', '还没送到的']) {
    await page.keyboard.press('ArrowRight')
    await expect(page.getByRole('tab', { name: new RegExp(`^${name}`), selected: true })).toBeFocused()
    await expect(page.getByRole('tabpanel', { name, exact: true })).toBeVisible()
  }
  await page.keyboard.press('Tab')
  await expect(page.locator(':focus')).toBeVisible()
  await page.keyboard.press('Alt+1')
  await expect(page.getByRole('tab', { name: /全部/ })).toBeVisible()
})

test('at 150 % zoom nothing of sync is cut off at the side, and its action is in view', async ({ app }) => {
  const { page } = app
  await login(app)
  await page.setViewportSize({ width: 911, height: 512 })
  for (const name of ['还没送到的', 'U盘', '日清', '大厅', '通知', '网络设置']) {
    await screen(page, name)
    const panel = page.getByRole('tabpanel', { name, exact: true })
    await expect(panel).toBeVisible()
    await expect(panel.locator('.loading')).toHaveCount(0)
    const overflow = await panel.evaluate((element) => {
      const wide = [...element.querySelectorAll<HTMLElement>('*')].filter(
        (inner) => inner.getBoundingClientRect().right > window.innerWidth + 1,
      )
      return wide.map(({ className }) => className)
    })
    expect(overflow, name).toEqual([])
    const action = panel.locator('.action-bar button:visible')
    if ((await action.count()) > 0) await expect(action.last()).toBeInViewport({ ratio: 1 })
  }
})
