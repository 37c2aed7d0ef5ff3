// Owns: a change of a standard that goes by stick alone to a window that is cut off: from the office's screen, to the window's.
// Does not own: the same by the link (standards.spec.ts), what is wrong with a file (releases.spec.ts, tests/store/releases*.test.ts).
// Start here: the first test.
import { mkdirSync, readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import type { CallInput, CallName } from '../../preload/contract/api.ts'
import { expect, test } from '../helpers/bad-link.ts'
import { electronUser } from '../helpers/electron.ts'
import { allowance, allowanceAnswers, readyDraft } from '../helpers/intake.ts'
import { compareChange, openTab, publish, writeChange } from '../helpers/office.ts'
import { secondDivision, startSecondDesk } from '../helpers/second-desk.ts'
import { plugIn } from '../helpers/sticks.ts'
import { addEveryMaterial, answer, login, startDraft } from '../helpers/window.ts'

test.setTimeout(360_000)

test('a release written to a stick takes effect at a window without a link; its case stays, its draft moves with its answers', async ({
  app,
  stick,
}) => {
  const { page } = app
  const { publisherPin: pin } = JSON.parse(readFileSync(join(app.dataFolder, 'training.json'), 'utf8'))
  await startDraft(app)
  plugIn(stick)
  const office = await startSecondDesk(app)
  try {
    const { desk, sessionId } = office
    office.takePublisherKey()
    await app.call('sync.setLink', { on: false })

    // One case in hand and one draft, both under the old standard.
    const received = page.url().split('/').at(-1) ?? ''
    await app.call('drafts.save', { draftId: received, answers: allowanceAnswers(1) })
    await page.reload()
    await expect(answer(page, '姓名')).not.toHaveValue('')
    await addEveryMaterial(page)
    await expect(page.getByText('齐了，可以收件')).toBeVisible()
    await page.keyboard.press('Control+Enter')
    await expect(page).toHaveURL(/received/u)
    await page.keyboard.press('F2')
    await page.getByRole('textbox', { name: '查找事项' }).fill('gljt')
    await expect(page.getByRole('button', { name: /^高龄津贴/ })).toBeVisible()
    await page.keyboard.press('Enter')
    await answer(page, '姓名').fill('演练癸')
    await answer(page, '补充说明').fill('行动不便')
    await expect(page.getByTestId('saved')).toBeVisible()

    // The office publishes to all and writes the release to the stick.
    const { copyId } = await desk.ask(
      'standards.begin',
      { kind: 'matter', id: allowance.itemId, version: 1 },
      sessionId,
    )
    const value = JSON.parse((await desk.ask('standards.copy', { copyId }, sessionId)).text)
    const paper = { ...value.materials[0], id: 'care', name: '护理情况说明', reuseKey: undefined }
    await desk.ask(
      'standards.save',
      { copyId, text: JSON.stringify({ ...value, materials: [...value.materials, paper] }) },
      sessionId,
    )
    const wish = { targets: 'all' as const, contents: { from: 'copies' as const, copyIds: [copyId] } }
    const more = { effectiveAtUtc: null, note: '多一份材料', pin, approval: null }
    const { release } = await desk.ask('standards.publish', { ...wish, ...more }, sessionId)
    const { sticks } = await desk.ask('bundle.sticks', {}, sessionId)
    const { stickId } = sticks.find((one) => one.stickId === stick) ?? { stickId: stick }
    await desk.ask('standards.toStick', { sha256: release.sha256, stickId }, sessionId)
    if (app.kind === 'electron') electronUser().own(stick)

    await page.keyboard.press('Alt+4')
    await page.getByRole('button', { name: '从U盘读入发布' }).click()
    await page.getByRole('button', { name: '读入第 2 次' }).click()
    await expect(page.getByText('第 2 次发布已读入，已经生效。')).toBeVisible()
    await expect(page.getByText(/^正在用第 2 次发布.*多一份材料/)).toBeVisible()

    const inHand = await app.call('cases.get', { caseId: received })
    expect(inHand.ok && inHand.value.standardVersion).toBe(1)
    await page.keyboard.press('F2')
    await page.getByRole('complementary', { name: '接着办' }).getByRole('button').click()
    await expect(page.getByRole('heading', { name: '“高龄津贴”的标准更新了' })).toBeVisible()
    await page.keyboard.press('Control+Enter')
    await expect(answer(page, '姓名')).toHaveValue('演练癸')
    await expect(answer(page, '补充说明')).toHaveValue('行动不便')
    await expect(page.getByRole('article', { name: /护理情况说明/ })).toBeVisible()
  } finally {
    await office.stop()
  }
})

const withTwoSticks = test.extend({
  startWith: async ({ startWith, stick }, use) => {
    const other = join(dirname(stick), '另一个U盘')
    mkdirSync(other)
    await use({ ...startWith, environment: { CUNCHUANG_STICKS: [other, stick].join(delimiter) } })
  },
})

withTwoSticks(
  'the office writes 79 years and one more paper to a chosen stick for one village, then for all; the village has no link',
  async ({ app, stick }) => {
    const { page } = app
    await login(app)
    plugIn(stick)
    const village = await startSecondDesk(app)
    try {
      const { desk, sessionId } = village
      const ask = <N extends CallName>(name: N, input: CallInput<N>) => desk.ask(name, input, sessionId)
      const inForce = async () => (await ask('catalogue.status', {})).inForce?.release
      const caseId = await readyDraft(desk, sessionId, 1)
      await ask('drafts.receive', { draftId: caseId })
      const draftId = await readyDraft(desk, sessionId, 2)
      // The county's counts are those that the centre has heard.
      await expect.poll(async () => (await ask('sync.status', {})).unsentEntries).toBe(0)
      await ask('sync.setLink', { on: false })
      const takeFromStick = async (release: number) => {
        if (app.kind === 'electron') electronUser().own(stick)
        const { files } = await ask('catalogue.onSticks', {})
        const found = files.find((one) => one.release === release)
        expect(found).toBeDefined()
        if (found !== undefined) await ask('catalogue.takeFile', { folder: found.folder, file: found.file })
        expect(await inForce()).toBe(release)
      }

      await writeChange(page)
      await compareChange(page)
      await page.keyboard.press('Control+Enter')
      const places = page.getByLabel('选镇、村、窗口或标签')
      await places.fill(secondDivision)
      await places.press('Enter')
      const impact = page.getByRole('region', { name: '会影响谁' })
      await expect(impact).toContainText('发给 1 个窗口（全县登记了 2 个）')
      await expect(impact).toContainText('1 件（高龄津贴，第 1 版）：照原来的标准办完')
      await publish(page, '先在一个村试')
      await expect(page.getByText('第 2 次发布已送到中心，马上生效。')).toBeVisible({ timeout: 30_000 })
      const rowOf = (release: number) =>
        page
          .getByRole('region', { name: '各次发布' })
          .getByRole('listitem')
          .filter({ hasText: `第 ${release} 次` })
      const writeToStick = async (release: number) => {
        await rowOf(release).getByRole('button', { name: '写到U盘' }).click()
        await rowOf(release)
          .getByRole('group', { name: '插着几个U盘，写到哪一个？' })
          .getByRole('button', { name: /^珠玑村U盘/ })
          .click()
        await expect(rowOf(release)).toContainText('已写到U盘：')
      }
      await writeToStick(2)
      await takeFromStick(2)

      const offered = await ask('drafts.moveOffer', { draftId })
      await ask('drafts.move', { draftId, mark: offered.offer?.mark ?? '' })
      const { draft, check } = await ask('drafts.get', { draftId })
      const received = await ask('cases.get', { caseId })
      expect([received.standardVersion, draft.standardVersion]).toEqual([1, 2])
      expect(draft.answers).toMatchObject({ name: allowanceAnswers(2).name, bankAccount: '6200000000000000' })
      expect(check.materials.filter(({ state }) => state === 'missing').map(({ name }) => name)).toEqual([
        '护理情况说明',
      ])

      await page.getByRole('radio', { name: '给所有窗口' }).check()
      await expect(page.getByText('推广第 2 次发布')).toBeVisible()
      await publish(page, '推广到全县')
      await expect(page.getByText('第 3 次发布已送到中心，马上生效。')).toBeVisible({ timeout: 30_000 })
      await writeToStick(3)
      await takeFromStick(3)

      // The centre hears of it when the village's link is back.
      await openTab(page, '采用情况')
      await expect(page.getByText('要用它的窗口全部生效了。')).toBeHidden()
      await ask('sync.setLink', { on: true })
      await expect(page.getByText('要用它的窗口全部生效了。')).toBeVisible({ timeout: 60_000 })
    } finally {
      await village.stop()
    }
  },
)
