// Owns: a change of a standard that comes by stick alone to a window that is cut off.
// Does not own: the same by the link (standards.spec.ts), what is wrong with a file (releases.spec.ts, tests/store/releases*.test.ts).
// Start here: the test.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '../helpers/bad-link.ts'
import { electronUser } from '../helpers/electron.ts'
import { allowance, allowanceAnswers } from '../helpers/intake.ts'
import { startSecondDesk } from '../helpers/second-desk.ts'
import { plugIn } from '../helpers/sticks.ts'
import { addEveryMaterial, answer, startDraft } from '../helpers/window.ts'

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
