// Owns: the screens of a machine that takes a lost one's place, and of one in whose place another is.
// Does not own: what passes between the machines (integration/replacement.test.ts).
// Start here: the test.
import { randomBytes } from 'node:crypto'
import type { Page } from '@playwright/test'
import { expect, test } from '../helpers/app.ts'
import { type CentreProcess, runCentral, startCentre, TestStation } from '../helpers/centre.ts'
import { freshFolder, loginTraining, removeFolder, startDesk } from '../helpers/desk.ts'
import { allowanceAnswers, readyDraft } from '../helpers/intake.ts'
import { pagesOf, pdfOf, streamOf } from '../helpers/small-pdf.ts'
import { noisyPng } from '../helpers/sticks.ts'
import { login, materialCard } from '../helpers/window.ts'

test.setTimeout(360_000)

const [oldId, newId, thirdId] = ['440282113201-1', '440282113201-2', '440282113201-3']
let centre: CentreProcess
let centreFolder: string

test.beforeEach(async () => {
  centreFolder = freshFolder()
  centre = await startCentre(centreFolder)
})
test.afterEach(async () => {
  await centre.kill('SIGTERM')
  removeFolder(centreFolder)
})

test('a code read over the phone brings a lost machine’s case and draft; a machine that is replaced says so', async ({
  app,
}) => {
  const number = await loseMachine()
  await login(app)
  await join(app.page, await codeFor(newId, oldId))
  await expect(app.page.getByText(/接手 1 件办件、1 份草稿/)).toBeVisible({ timeout: 30_000 })
  await expect(app.page.getByRole('button', { name: '填入' })).toBeVisible({ timeout: 60_000 })

  await login(app)
  // A first case of this machine would have the same number without the window's.
  await app.page
    .getByRole('row')
    .filter({ hasText: number.replace('440282113201-', '') })
    .dblclick()
  await expect(app.page.locator('.case-head')).toContainText(`接自原来的机器 ${oldId}`)
  await app.page.getByRole('tab', { name: /过程/ }).click()
  await expect(app.page.getByText(`由这台机器接手，原来在 ${oldId}`)).toBeVisible()
  await app.page.getByRole('tab', { name: /材料/ }).click()
  const large = app.page.getByRole('listitem').filter({ hasText: '申请表.pdf' })
  await expect(large).toContainText('在中心，还没有取回')
  // Whoever opens it wants it: it comes by itself.
  await large.click()
  await expect(large).toContainText('已取回', { timeout: 60_000 })

  await app.page.keyboard.press('Alt+1')
  await app.page.getByRole('link', { name: '接着办' }).click()
  await expect(materialCard(app.page, '居民身份证')).toContainText('照片没有带过来，请重新拍')

  await replaceBy(thirdId)
  await app.call('sync.now', {})
  await expect(app.page.getByRole('alert', { name: /已由另一台代替/ })).toContainText('已送到中心', { timeout: 60_000 })
})

/** A village's day: one case at the centre with all its files, one draft; then the machine is gone. Gives the case's number. */
async function loseMachine(): Promise<string> {
  const folder = freshFolder()
  const flags = ['--training', '--cheap-pins', '--centre-url', centre.url, '--centre-data', centreFolder]
  const old = await startDesk(folder, flags)
  const { training } = await old.ask('station.status', {}, (await loginTraining(old)).sessionId)
  const first = await loginTraining(old)
  const { draftId } = await old.ask('drafts.create', { itemId: 'SAMPLE-GLJT' }, first.sessionId)
  await old.ask('drafts.save', { draftId, answers: allowanceAnswers(7) }, first.sessionId)
  await old.put({ draft: draftId, requirement: 'id-card', name: '身份证.png' }, noisyPng(400, 3), first.sessionId)
  await old.ask('session.lock', {}, first.sessionId)
  const { sessionId } = await loginTraining(old)
  await old.ask('seals.unlock', { pin: training?.sealPin ?? '' }, sessionId)
  const caseId = await readyDraft(old, sessionId, 1)
  await old.put({ draft: caseId, requirement: 'form', name: '申请表.pdf' }, largePdf(), sessionId)
  const follow = await old.events()
  await old.ask('drafts.receive', { draftId: caseId }, sessionId)
  for (;;) {
    const { files } = await old.ask('sync.files', { caseId }, sessionId)
    if (files.some((file) => file.class === 'receipt') && files.every(({ state }) => state === 'at-centre')) break
    await follow.next('changed', 'sync')
  }
  follow.stop()
  const { summary } = await old.ask('cases.get', { caseId }, sessionId)
  await old.kill('SIGKILL')
  removeFolder(folder)
  return summary.localNumber
}

/** An original that does not come by itself. */
const largePdf = () => pdfOf([...pagesOf(1), streamOf(randomBytes(400_000))])

async function codeFor(id: string, replaces: string): Promise<string> {
  const { stdout } = await runCentral(['enrolment-code', id, '--replaces', replaces, '--data', centreFolder])
  return stdout.trim()
}

/** Types the centre's address and the code as they are read out, looks at what they are for, and joins. */
async function join(page: Page, code: string): Promise<void> {
  await page.getByRole('link', { name: /设置/ }).click()
  await page.getByLabel('中心的地址').fill(centre.url.replace('http://', ''))
  await page.getByLabel('登记码').fill(code.toLowerCase())
  await page.getByRole('button', { name: '看看这个码是给谁的' }).click()
  await expect(page.locator('.facts').filter({ hasText: '代替旧机器' })).toContainText(oldId)
  await page.getByRole('button', { name: '登记，代替旧机器' }).click()
}

/** Another machine takes the place of the one under test. */
async function replaceBy(id: string): Promise<void> {
  const station = new TestStation(id)
  const client = station.client(centre.url)
  await client.enrol({ code: await codeFor(id, newId), windowName: '三号窗口', publicKey: station.keys.publicKey })
  client.close()
}
