// Owns: a change of a standard from the administrator's desk to the villages: written, compared, published to one, then to all.
// Does not own: releases by command line and stick (integration/releases-desks.test.ts), the rules of documents (unit).
// Start here: the first test.
import { expect, test } from '../helpers/app.ts'
import { allowance, readyDraft } from '../helpers/intake.ts'
import { compareChange, openTab, publish, writeChange } from '../helpers/office.ts'
import { type SecondDesk, secondDivision, startSecondDesk } from '../helpers/second-desk.ts'
import { answer, login, startDraft } from '../helpers/window.ts'

test.setTimeout(360_000)

const inForceAt = async ({ desk, sessionId }: SecondDesk) =>
  (await desk.ask('catalogue.status', {}, sessionId)).inForce?.release

test('a change of 高龄津贴 goes to one village, then to all; cases in hand stay, drafts move with their answers', async ({
  app,
}) => {
  const { page } = app
  await startDraft(app)
  await answer(page, '姓名').fill('演练癸')
  await answer(page, '补充说明').fill('行动不便')
  await expect(page.getByTestId('saved')).toBeVisible()
  const village = await startSecondDesk(app)
  try {
    const { desk, sessionId } = village
    const caseId = await readyDraft(desk, sessionId, 1)
    await desk.ask('drafts.receive', { draftId: caseId }, sessionId)
    const draftId = await readyDraft(desk, sessionId, 2)
    // The county's counts are those that the centre has heard.
    await expect.poll(async () => (await desk.ask('sync.status', {}, sessionId)).unsentEntries).toBe(0)
    await desk.ask('sync.setLink', { on: false }, sessionId)

    await writeChange(page)
    await compareChange(page)

    await page.keyboard.press('Control+Enter')
    await expect(page.getByRole('region', { name: '会影响谁' })).toContainText(
      '全县正在办的 1 件（高龄津贴，第 1 版）：照原来的标准办完',
    )
    const places = page.getByLabel('选镇、村、窗口或标签')
    await places.fill(secondDivision)
    await places.press('Enter')
    await expect(page.getByText(/发给 1 个窗口（全县登记了 2 个）/)).toBeVisible()
    // A PIN that is wrong stands selected: the right one is typed over it, whatever was pressed.
    const pinField = page.getByLabel('发布密钥的口令')
    await page.getByLabel('改了什么（窗口会看到）').fill('高龄津贴改为 79 岁起，多一份材料')
    await pinField.fill('000000')
    await page.locator('.action-bar').getByRole('button', { name: '发布' }).click()
    await expect(page.getByText('发布密钥的口令不对。')).toBeVisible()
    await expect(pinField).toBeFocused()
    const selected = (field: HTMLInputElement) => [field.selectionStart, field.selectionEnd]
    expect(await pinField.evaluate(selected)).toEqual([0, 6])
    await publish(page, '高龄津贴改为 79 岁起，多一份材料')
    await expect(page.getByText('第 2 次发布已送到中心，马上生效。')).toBeInViewport({ timeout: 30_000 })
    expect([await inForceAt(village), (await app.call('catalogue.status', {})).ok]).toEqual([1, true])

    await desk.ask('sync.setLink', { on: true }, sessionId)
    await expect.poll(() => inForceAt(village), { timeout: 60_000 }).toBe(2)
    const here = await app.call('catalogue.status', {})
    expect(here.ok && here.value.inForce?.release).toBe(1)
    const received = await desk.ask('cases.get', { caseId }, sessionId)
    const offered = await desk.ask('drafts.moveOffer', { draftId }, sessionId)
    await desk.ask('drafts.move', { draftId, mark: offered.offer?.mark ?? '' }, sessionId)
    const { draft, check } = await desk.ask('drafts.get', { draftId }, sessionId)
    expect([received.standardVersion, offered.offer?.toVersion, draft.standardVersion]).toEqual([1, 2, 2])
    expect(Object.keys(draft.answers).length).toBeGreaterThan(10)
    expect(draft.materials.map(({ requirementId }) => requirementId).toSorted()).toEqual(
      [...allowance.materials].toSorted(),
    )
    expect(check.materials.filter(({ state }) => state === 'missing').map(({ name }) => name)).toEqual(['护理情况说明'])

    await page.getByRole('radio', { name: '给所有窗口' }).check()
    await expect(page.getByText('推广第 2 次发布')).toBeVisible()
    await page.getByRole('region', { name: '各次发布' }).scrollIntoViewIfNeeded()
    await publish(page, '高龄津贴改为 79 岁起，多一份材料')
    await expect(page.getByText('第 3 次发布已送到中心，马上生效。')).toBeVisible({ timeout: 30_000 })
    await expect.poll(() => inForceAt(village), { timeout: 60_000 }).toBe(3)

    await openTab(page, '采用情况')
    await expect(page.getByText('要用它的窗口全部生效了。')).toBeVisible({ timeout: 60_000 })
  } finally {
    await village.stop()
  }

  await page.getByRole('banner').getByRole('link', { name: '今天 1 个事项更新' }).click()
  await expect(page.getByRole('heading', { name: '今天有 1 个事项更新' })).toBeVisible()
  await expect(page.getByText('年龄由满 80 周岁改为满 79 周岁')).toBeVisible()

  // At 150 % zoom the list below is scrolled to, and has room for some matters.
  const size = page.viewportSize()
  if (size !== null) {
    await page.setViewportSize({ width: 911, height: 512 })
    const list = page.locator('.standards-list')
    await list.scrollIntoViewIfNeeded()
    const box = await list.boundingBox()
    expect(box?.height).toBeGreaterThan(250)
    await expect(list.getByRole('link').first()).toBeInViewport({ ratio: 1 })
    await page.setViewportSize(size)
  }

  await page.keyboard.press('F2')
  await page.getByRole('complementary', { name: '接着办' }).getByRole('button').click({ timeout: 20_000 })
  await expect(page.getByRole('heading', { name: '“高龄津贴”的标准更新了' })).toBeVisible()
  await expect(page.getByText('3 个答案照样保留')).toBeVisible()
  await page.keyboard.press('Control+Enter')
  await expect(answer(page, '姓名')).toHaveValue('演练癸')
  await expect(answer(page, '补充说明')).toHaveValue('行动不便')
  await expect(page.getByRole('article', { name: /护理情况说明/ })).toBeVisible()

  await page.getByRole('button', { name: '换回第 1 版' }).press('Enter')
  await expect(page.getByRole('article', { name: /护理情况说明/ })).toBeHidden()
  await expect(answer(page, '补充说明')).toHaveValue('行动不便')
  await page.getByRole('button', { name: '换回第 2 版' }).press('Enter')
  await expect(page.getByRole('article', { name: /护理情况说明/ })).toBeVisible()
})

test('a fault is told beside its field and led to; what was typed outlives a crash of the desk', async ({ app }) => {
  const { page } = app
  await login(app)
  await openTab(page, '编写')
  await page.getByRole('button', { name: '修改：临时救助' }).press('Enter')
  const aliases = page.getByRole('textbox', { name: '俗称' })
  await aliases.fill(['临时', '临时帮扶', '急难救助', '救急难', '临时困难救助', '临时补助'].join('\n'))
  await expect.poll(() => aliases.evaluate((field) => field.scrollHeight - field.clientHeight)).toBe(0)
  const name = page.getByRole('textbox', { name: '事项名称' })
  await name.fill('')
  await expect(page.getByRole('tab', { name: /^检查/ })).toContainText('1')
  const parts = page.getByRole('navigation', { name: '标准的各个部分' })
  await expect(parts.getByRole('button', { name: /基本信息/ })).toContainText('1')
  await parts.getByRole('button', { name: '常见问题' }).click()
  await page.getByRole('tab', { name: /^检查/ }).click()
  await page.getByRole('button', { name: '去改：事项名称' }).press('Enter')
  await expect(name).toBeFocused()
  await expect(page.locator('[data-pointer="/name"]')).toContainText('没有填。补足。')

  app.crashDesk()
  await page.keyboard.type('临时救助（改）')
  await expect(page.getByTestId('copy-saved')).toBeVisible({ timeout: 60_000 })
  await page.keyboard.press('Escape')
  const row = page.getByRole('row').filter({ hasText: '临时救助（改）' })
  await expect(row).toContainText('正在改')
  await expect(row).toContainText('第 2 版')

  await page.keyboard.press('Control+Enter')
  await expect(page.getByText('还差：给谁、改了什么、发布密钥的口令')).toBeVisible()
  await expect(page.locator('.action-bar button')).toBeDisabled()

  // What was chosen and written here is still here after another tab, and in another window; the PIN alone is not.
  await page.getByRole('radio', { name: '给所有窗口' }).check()
  await page.getByRole('radio', { name: '定个时间生效' }).check()
  await page.getByLabel('时间', { exact: true }).fill('08:30')
  await page.getByLabel('改了什么（窗口会看到）').fill('临时救助换了名称')
  await page.getByLabel('发布密钥的口令').fill('123456')
  await page.getByRole('checkbox', { name: /临时救助（改）/ }).uncheck()
  const isKept = async () => {
    await expect(page.getByText('上次选的、写的都还在')).toBeVisible()
    await expect(page.getByRole('radio', { name: '给所有窗口' })).toBeChecked()
    await expect(page.getByLabel('时间', { exact: true })).toHaveValue('08:30')
    await expect(page.getByLabel('改了什么（窗口会看到）')).toHaveValue('临时救助换了名称')
    await expect(page.getByLabel('发布密钥的口令')).toHaveValue('')
    await expect(page.getByRole('checkbox', { name: /临时救助（改）/ })).not.toBeChecked()
  }
  await openTab(page, '采用情况')
  await openTab(page, '发布')
  await isKept()
  await page.reload()
  await isKept()
})
