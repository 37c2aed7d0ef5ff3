// Owns: what the screen 事项标准 says of releases: in force, waiting, refused; what two publishing desks see of each other.
// Does not own: how releases are made, travel and are judged (tests/integration/releases-*.test.ts, tests/store/releases*.test.ts).
// Start here: the first test.
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../helpers/app.ts'
import { expect, test } from '../helpers/bad-link.ts'
import type { DeskUnderTest } from '../helpers/desk.ts'
import { electronUser } from '../helpers/electron.ts'
import { pressPublish } from '../helpers/office.ts'
import { startSecondDesk } from '../helpers/second-desk.ts'
import { login } from '../helpers/window.ts'

test('says which release is in force, takes in the next one by itself, and says of one for later when it comes', async ({
  app,
  stick,
}) => {
  const { page, dataFolder: data } = app
  await login(app)
  await expect(page.getByRole('banner')).toContainText('在线', { timeout: 60_000 })
  await page.getByRole('link', { name: '事项标准' }).first().click()
  await expect(page.getByText(/^正在用第 1 次发布/)).toBeVisible()

  const at = (name: string) => join(data, name)
  const build = async (name: string, version: number, previous: string, ...more: string[]) => {
    const folder = at(name)
    cpSync(join(root, 'resources', 'catalogue'), folder, { recursive: true })
    cpSync(join(root, 'resources', 'holidays.json'), join(folder, 'holidays.json'))
    const file = join(folder, 'elderly-allowance.json')
    writeFileSync(
      file,
      JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), version, department: `试点 ${version}` }),
    )
    await app.cli('standards', 'build', folder, '--out', at(`${name}.cunrelease`), '--previous', previous, ...more)
    writeFileSync(at('publisher.pin'), JSON.parse(readFileSync(at('training.json'), 'utf8')).publisherPin)
    const key = ['--key', at('publisher-key.json'), '--pin-file', at('publisher.pin')]
    await app.cli('standards', 'sign', at(`${name}.cunrelease`), ...key)
    await app.cli('standards', 'publish', at(`${name}.cunrelease`), '--data', data)
    return at(`${name}.cunrelease`)
  }
  await app.central('releases', 'export', '1', '--out', at('first.cunrelease'))
  const second = await build('second', 2, at('first.cunrelease'), '--note', '高龄津贴改由试点单位办')
  await expect(page.getByText(/^正在用第 2 次发布.*改了 1 份 · 高龄津贴改由试点单位办$/)).toBeVisible({
    timeout: 30_000,
  })
  const later = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10)
  const third = await build('third', 3, second, '--effective', later)
  await expect(page.getByText(/^第 3 次发布已在本机，.*自动生效，断网也一样/)).toBeVisible({ timeout: 30_000 })

  // By a stick: a file that was not copied whole is told, one that is here is not taken again, a new one is.
  await app.central('releases', 'export', '3', '--out', stick)
  const folder = join(data, 'fourth')
  cpSync(join(data, 'third'), folder, { recursive: true })
  const file = join(folder, 'elderly-allowance.json')
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), version: 4, department: '民政局' }))
  const fourth = join(stick, '440282-事项标准-4.cunrelease')
  await app.cli('standards', 'build', folder, '--out', fourth, '--previous', third)
  await app.cli('standards', 'sign', fourth, '--key', at('publisher-key.json'), '--pin-file', at('publisher.pin'))
  writeFileSync(join(stick, '半个.cunrelease'), readFileSync(fourth).subarray(0, 500))
  // Electron runs as another user than the command line here.
  if (app.kind === 'electron') electronUser().own(stick)
  await page.getByRole('button', { name: '从U盘读入发布' }).click()
  await expect(page.getByText(/半个\.cunrelease 读不了/)).toBeVisible()
  await expect(page.getByText('本机已有')).toBeVisible()
  await page.getByRole('button', { name: '读入第 4 次' }).click()
  await expect(page.getByText('第 4 次发布已读入，已经生效。')).toBeVisible()
  await expect(page.getByText(/^正在用第 4 次发布/)).toBeVisible()
})

/** 高龄津贴 under another department, as a working copy. */
async function writeAt(ask: DeskUnderTest['ask'], sessionId: string, department: string): Promise<string> {
  const { copyId } = await ask('standards.begin', { kind: 'matter', id: 'SAMPLE-GLJT', version: 1 }, sessionId)
  const { text } = await ask('standards.copy', { copyId }, sessionId)
  await ask('standards.save', { copyId, text: JSON.stringify({ ...JSON.parse(text), department }) }, sessionId)
  return copyId
}

test('a desk sees what another released, settles what both changed, publishes to a tag, goes back, and has a list for its calls', async ({
  app,
}) => {
  test.setTimeout(360_000)
  const { page } = app
  const pin: string = JSON.parse(readFileSync(join(app.dataFolder, 'training.json'), 'utf8')).publisherPin
  await login(app)
  await expect(page.getByRole('banner')).toContainText('在线', { timeout: 60_000 })
  const second = await startSecondDesk(app)
  try {
    const { desk, sessionId } = second
    second.takePublisherKey()
    await app.central('station', 'tag', '440282001001-1', '试点')
    const own: DeskUnderTest['ask'] = async (name, input) => {
      const result = await app.call(name, input)
      if (!result.ok) throw new Error(result.error.code)
      return result.value
    }
    await writeAt(own, '', '民政局（我们）')
    const copyId = await writeAt(desk.ask.bind(desk), sessionId, '民政局（他们）')
    const wish = { targets: ['440282113201'], contents: { from: 'copies' as const, copyIds: [copyId] } }
    await desk.ask(
      'standards.publish',
      { ...wish, effectiveAtUtc: null, note: '换了部门', pin, approval: null },
      sessionId,
    )

    await page.keyboard.press('Alt+4')
    const tab = (name: string) => page.getByRole('tablist', { name: '事项标准' }).getByRole('tab', { name })
    await tab('发布').click()
    await expect(page.getByText('别的发布台又发了 1 次，已取到本机。')).toBeVisible({ timeout: 30_000 })
    await expect(page.getByText(/第 2 次（.*）：改了 高龄津贴。换了部门/)).toBeVisible()
    const clash = page.getByRole('article', { name: '高龄津贴' })
    await expect(clash).toContainText('民政局（他们）')
    await expect(clash).toContainText('民政局（我们）')
    await expect(page.getByText(/还差：改好必须改的/)).toBeVisible()
    await clash.getByRole('button', { name: '用他们的' }).press('Enter')
    await page.getByRole('region', { name: '放在一边的' }).getByRole('button', { name: '拿回来' }).press('Enter')
    await clash.getByRole('button', { name: '留我的' }).press('Enter')
    await expect(clash).toBeHidden()
    await page.getByRole('button', { name: '知道了' }).click()

    const places = page.getByLabel('选镇、村、窗口或标签')
    await places.fill('试点')
    await expect(page.getByText('试点（1 个窗口）')).toBeVisible()
    await places.press('Enter')
    await places.press('Escape')
    const impact = page.getByRole('region', { name: '会影响谁' })
    await expect(impact).toContainText('发给 1 个窗口（全县登记了 2 个）')
    await expect(impact).toContainText('全县没有正在办的相关办件')
    await page.getByLabel('改了什么（窗口会看到）').fill('用我们的部门')
    await page.getByLabel('发布密钥的口令').fill(pin)
    await pressPublish(page)
    await expect(page.getByText('第 3 次发布已送到中心，马上生效。')).toBeVisible({ timeout: 30_000 })

    const releases = page.getByRole('region', { name: '各次发布' })
    await releases
      .getByRole('listitem')
      .filter({ hasText: '第 1 次' })
      .getByRole('button', { name: '退回到这一次' })
      .click()
    await expect(page.getByText('退回到第 1 次发布的内容（作为新的一次发出）')).toBeVisible()
    await page.getByRole('radio', { name: '给所有窗口' }).check()
    await page.getByLabel('改了什么（窗口会看到）').fill('退回原来的部门')
    await page.getByLabel('发布密钥的口令').fill(pin)
    await desk.ask('sync.setLink', { on: false }, sessionId)
    await pressPublish(page)
    await expect(page.getByText('第 4 次发布已送到中心，马上生效。')).toBeVisible({ timeout: 30_000 })
    const back = await own('matters.get', { itemId: 'SAMPLE-GLJT' }, '')
    expect([back.version, back.department]).toEqual([1, expect.not.stringContaining('（')])

    await tab('采用情况').click()
    await page.getByText('打电话清单（1）').click()
    const calls = page.getByRole('region', { name: '还没生效的窗口' })
    await expect(calls.getByRole('row').filter({ hasText: '还没取' })).toBeVisible({ timeout: 30_000 })
    await calls.getByRole('button', { name: '复制清单' }).press('Enter')
    await expect(page.getByText('已复制，可以粘贴到表格里。')).toBeVisible()
  } finally {
    await second.stop()
  }
})
