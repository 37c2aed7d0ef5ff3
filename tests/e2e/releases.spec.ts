// Owns: what the screen 事项标准 says of releases: in force, waiting, refused.
// Does not own: how releases are made, travel and are judged (tests/integration/releases-*.test.ts, tests/store/releases*.test.ts).
// Start here: the one test.
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../helpers/app.ts'
import { expect, test } from '../helpers/bad-link.ts'
import { electronUser } from '../helpers/electron.ts'
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
