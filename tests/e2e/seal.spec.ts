// Owns: 盖章 as a clerk does it: a place by hand, the seam, many papers with one PIN, what fails, what was left.
// Does not own: custody and register on the screen, checking (verify.spec.ts), the rules of sealing (tests/integration).
// Start here: the first test.
import { expect, type RunningApp, test } from '../helpers/app.ts'
import { bringPapers, paperOf, sealInHand, sealLayer } from '../helpers/sealing-screen.ts'
import { addEveryMaterial, fillAnswers, login, madeUpIdNumber, picture, startDraft } from '../helpers/window.ts'

const lastImpression = async (app: RunningApp) => {
  const filter = { query: '', sealId: null, fromDay: null, untilDay: null }
  const answer = await app.call('seals.register', { ...filter, offset: 0, limit: 10 })
  if (!answer.ok) throw new Error(answer.error.code)
  return answer.value.impressions[0]
}

test('a receipt is sealed where it was dragged, drawn onto its date, and the seal is valid', async ({ app }) => {
  const { page } = app
  await startDraft(app)
  await fillAnswers(page, '演练丁', madeUpIdNumber('19400404', '904'))
  await addEveryMaterial(page)
  await expect(page.getByText('齐了，可以收件')).toBeVisible()
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText(/这件办件已经安全存在本机/)).toBeVisible()
  await expect(page.locator('canvas').first()).toBeVisible()

  await page.keyboard.press('F8')
  await expect(page.getByText('已勾选 1 份')).toBeVisible()
  await expect(sealLayer(page)).toBeVisible()
  const papers = await app.call('sealing.papers', { view: 'waiting', query: '', offset: 0, limit: 1 })
  const documentId = papers.ok ? (papers.value.papers[0]?.documentId ?? '') : ''
  const places = await app.call('sealing.places', { documentId })
  const date = places.ok ? places.value.date : null
  if (date === null) throw new Error('the receipt has no date')

  // The seal hangs at the pointer, and is drawn onto the date when it comes near.
  await page.getByRole('radio', { name: '指定位置' }).click()
  await expect(page.getByText('把印章移到要盖的地方，点一下放下')).toBeVisible()
  const layer = await sealLayer(page).boundingBox()
  if (layer === null) throw new Error('no page')
  const perMm = layer.width / 210
  const at = (xMm: number, yMm: number) => [layer.x + xMm * perMm, layer.y + yMm * perMm] as const
  const middle = [date.xMm + date.widthMm / 2, date.yMm + date.heightMm / 2 - 42 * 0.12] as const
  await page.mouse.move(...at(60, 60))
  await page.mouse.move(...at(middle[0] + 3, middle[1] - 3))
  await expect(page.getByText('已对齐日期')).toBeVisible()
  await page.mouse.down()
  await page.mouse.up()

  // The arrow keys move it on: 10 mm with Shift, 1 mm without.
  const mark = page.getByRole('button', { name: /^印模预览/ })
  await mark.focus()
  await page.keyboard.press('Shift+ArrowLeft')
  await page.keyboard.press('ArrowUp')
  await picture(page, 'sealing')
  await sealInHand(app, '收件凭证用印')
  await expect(page.getByText('盖章有效')).toBeVisible({ timeout: 30_000 })
  const place = (await lastImpression(app))?.places[0]
  expect(place?.page).toBe(date.page)
  expect(place?.xMm).toBeCloseTo(date.xMm + date.widthMm / 2 - 21 - 10, 0)
  expect(place?.yMm).toBeCloseTo(date.yMm + date.heightMm / 2 - 42 * 0.62 - 1, 0)
})

test('a seam seal shows a strip on every page and is sealed over all of them', async ({ app }) => {
  const { page } = app
  await login(app)
  await bringPapers(page, [paperOf('三页协议', 3)])
  await page.getByRole('radio', { name: '骑缝章' }).click()
  for (const number of [3, 2, 1]) {
    await expect(page.getByRole('button', { name: new RegExp(`^印模预览.*第 ${number} 页`) })).toBeVisible()
    await page.keyboard.press('PageUp')
  }
  await sealInHand(app, '签订协议')
  await expect(page.getByText('盖章有效')).toBeVisible({ timeout: 30_000 })
  const impression = await lastImpression(app)
  expect(impression?.form).toBe('seam')
  expect(impression?.places.map((place) => place.page)).toEqual([1, 2, 3])
})

test('many papers are sealed with one PIN; what cannot be sealed says why and can be tried again', async ({ app }) => {
  const { page } = app
  await login(app)
  const papers = [1, 2, 3, 4].map((number) => paperOf(`走访记录${number}`, 2))
  await bringPapers(page, [...papers, paperOf('单页通知', 1)])
  await page.getByRole('radio', { name: '骑缝章' }).click()
  await expect(page.getByRole('button', { name: '盖 5 份' })).toBeVisible()
  await sealInHand(app, '归档')
  await expect(page.getByText('盖好 4 份，1 份没盖成')).toBeVisible({ timeout: 60_000 })
  const failures = page.getByRole('region', { name: '没盖成的文书' })
  await expect(failures).toContainText('单页通知')
  await expect(failures).toContainText('骑缝章要盖在两页以上的文件上')
  await expect(page.getByText('盖章有效')).toBeVisible({ timeout: 30_000 })

  // Tried again as it was, it fails again and stays as it is; at its usual place it is sealed, and no PIN is asked.
  await failures.getByRole('button', { name: '重试' }).click()
  await expect(page.getByText('1 份都没盖成')).toBeVisible({ timeout: 30_000 })
  await failures.getByRole('button', { name: '改位置' }).click()
  await expect(page.getByLabel('印章口令')).toHaveCount(0)
  await page.getByRole('radio', { name: '常用位置' }).click()
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText('盖好了')).toBeVisible({ timeout: 30_000 })
  await expect(page.getByRole('tab', { name: /^待盖章/ })).toContainText('0')
})

test('sealed papers are saved as files and printed; why they were sealed does not pass to the next', async ({
  app,
}) => {
  const { page } = app
  await login(app)
  await bringPapers(page, [paperOf('低保证明', 2), paperOf('居住证明', 1)])
  await sealInHand(app, '出具证明')
  await expect(page.getByText('2 份都盖好了')).toBeVisible({ timeout: 30_000 })

  // The folder is the page's own: no dialog of the system can be answered here.
  await page.evaluate(() => {
    Object.assign(window, {
      showDirectoryPicker: () => navigator.storage.getDirectory(),
      print: () => {
        document.body.dataset.printed = String(document.querySelectorAll('.pdf-print img').length)
      },
    })
  })
  await page.getByRole('button', { name: '存下 2 份…' }).click()
  await expect(page.getByText(/^2 份已存到/)).toBeVisible()
  const saved = await page.evaluate(async () => {
    const folder = await navigator.storage.getDirectory()
    const heads: string[] = []
    for (const name of ['低保证明.pdf', '居住证明.pdf']) {
      const file = await (await folder.getFileHandle(name)).getFile()
      heads.push(`${name} ${(await file.text()).slice(0, 5)}`)
    }
    return heads
  })
  expect(saved).toEqual(['低保证明.pdf %PDF-', '居住证明.pdf %PDF-'])
  await page.keyboard.press('F9')
  await expect(page.locator('body')).toHaveAttribute('data-printed', '3', { timeout: 30_000 })

  await page.keyboard.press('F8')
  await expect(page.getByRole('combobox', { name: '用印事由' })).toHaveValue('')
  await expect(page.getByText('先写用印事由')).toBeVisible()
  // Electron asks by a dialog of the system where one file goes: nobody here can answer it.
  if (app.kind === 'electron') return
  await page.getByRole('tab', { name: /^已盖章/ }).click()
  await page.getByRole('row', { name: /低保证明/ }).click()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: '存为文件' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('低保证明.pdf')
})

test('papers are ticked by the keyboard, and one that is not to be sealed leaves the list', async ({ app }) => {
  const { page } = app
  await login(app)
  await bringPapers(
    page,
    [1, 2, 3].map((number) => paperOf(`会议纪要${number}`, 1)),
  )
  await page.getByRole('button', { name: '取消勾选' }).click()
  const list = page.getByRole('grid', { name: '文书列表' })
  await list.focus()
  await page.keyboard.press('Control+A')
  await expect(page.getByText('已勾选 3 份')).toBeVisible()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Space')
  await expect(page.getByText('已勾选 2 份')).toBeVisible()
  await page.getByRole('button', { name: '移出列表' }).click()
  await expect(page.getByText('共 1 份')).toBeVisible()
  await expect(page.getByRole('row')).toHaveCount(1)
})

test('a batch that a restart cut short says how many are left, and goes on after the PIN', async ({ app }) => {
  await login(app)
  await bringPapers(
    app.page,
    Array.from({ length: 30 }, (_, index) => paperOf(`入户登记${index + 1}`, 2)),
  )
  await sealInHand(app, '入户登记用印')
  await expect(app.page.getByText(/^已盖 \d+ 份，共 30 份/)).toBeVisible()
  await app.restart()

  await login(app)
  await app.page.keyboard.press('F8')
  const line = app.page.getByText(/上次有 \d+ 份没有盖完（入户登记用印）/)
  await expect(line).toBeVisible()
  await line.getByRole('button', { name: '继续' }).click()
  await expect(app.page.getByText(/^停在这里：盖好 \d+ 份，还有 \d+ 份没盖。/)).toBeVisible()
  await app.page.getByLabel('印章口令').fill(app.training().sealPin)
  await app.page.keyboard.press('Enter')
  await expect(app.page.getByText('30 份都盖好了')).toBeVisible({ timeout: 60_000 })
})

test('a seal that asks for a second person is used only with their PIN, and the register names them', async ({
  app,
}) => {
  const { page } = app
  await login(app)
  const { approver } = app.training()
  const status = await app.call('seals.status', {})
  const seal = status.ok ? status.value.seals[0] : undefined
  if (seal === undefined) throw new Error('no seal')
  const custody = { ...seal.custody, needsApproval: true }
  expect(await app.call('seals.setCustody', { sealId: seal.sealId, custody })).toMatchObject({ ok: true })

  await bringPapers(page, [paperOf('用印申请', 1)])
  await page.getByRole('combobox', { name: '用印事由' }).fill('第二人同意')
  await page.getByLabel('印章口令').fill(app.training().sealPin)
  await expect(page.getByText('先请第二个人同意')).toBeVisible()
  await page.getByRole('combobox', { name: '谁来同意' }).click()
  await page.getByTitle('演练审批员').click()
  await page.getByLabel('同意人的登录口令').fill('000000')
  await page.keyboard.press('F8')
  await expect(page.getByRole('alert')).toBeVisible()
  await page.getByLabel('同意人的登录口令').fill(approver.pin)
  await page.keyboard.press('F8')
  await expect(page.getByText('盖章有效')).toBeVisible({ timeout: 30_000 })
  expect((await lastImpression(app))?.approvedBy).toBe('演练审批员')
})
