// Owns: how soon a matter's form is painted after the click that picks it, in the real window with a catalogue of 139.
// Does not own: the window (tests/helpers/app.ts), what the form is made of (renderer/features/intake).
// Start here: `benchForm`.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Page } from '@playwright/test'
import { generateMatters } from '../../scripts/generate-catalogue.mjs'
import { type RunningApp, startApp } from '../helpers/app.ts'
import buildWhatIsStale from '../helpers/build.ts'
import { closeChromium } from '../helpers/chromium.ts'
import { resourcesFolder } from '../helpers/desk.ts'
import { login } from '../helpers/window.ts'
import { median, milliseconds, percentile95, type Row } from './row.ts'
import { matterCount } from './standards-catalogue.ts'

/** So many of the generator's matters are opened, each for the first time, after the samples. */
const opened = 24

/**
 * The program as it ships in the system's Chromium, desk and centre in their own processes, the generator's matters released to
 * it. A matter is pointed at, then pressed; the draft is durable before its form is shown. Opened anew each time, so that no form
 * was on the screen before; the first of all loads the screen's own code.
 */
export async function benchForm(): Promise<Row[]> {
  buildWhatIsStale()
  const folder = mkdtempSync(join(tmpdir(), 'cunchuang-bench-'))
  const app = await startApp('browser', folder)
  try {
    await login(app)
    const first = await open(app.page, '高龄津贴', 'press')
    const samples: Opening[] = []
    const slowest = { name: '', form: 0 }
    for (const name of await namesOf(app)) {
      const opening = await open(app.page, name, 'Enter')
      samples.push(opening)
      if (opening.form > slowest.form) Object.assign(slowest, { name, form: opening.form })
    }
    await releaseTo(app)
    const generated = Array.from({ length: opened }, (_, at) => `生成测试事项${String(at + 1).padStart(3, '0')}`)
    const later: Opening[] = []
    for (const name of generated) later.push(await open(app.page, name, 'press'))
    const again: Opening[] = []
    for (const name of generated) again.push(await open(app.page, name, 'press'))
    const row = (what: string, openings: readonly Opening[]): Row => {
      const forms = openings.map(({ form }) => form)
      const whole = milliseconds(median(openings.map(({ page }) => page)))
      return {
        what: `standards: ${what}, from the press to the form painted (95 of 100 ${milliseconds(percentile95(forms))}; with materials and what is missing ${whole})`,
        median: milliseconds(median(forms)),
        target: '< 50 ms',
        met: median(forms) < 50,
        peer: `the first form after the login ${milliseconds(first.form)}`,
        ratio: (first.form / median(forms)).toFixed(1),
      }
    }
    return [
      row(`the ${samples.length} samples by Enter, slowest ${slowest.name} ${milliseconds(slowest.form)}`, samples),
      row(`${opened} matters of ${matterCount}, each opened for the first time`, later),
      row('the same matters again', again),
    ]
  } finally {
    await app.stop()
    await closeChromium()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** Releases the generator's matters in the place of the samples, by the command line, and waits until the window has them. */
async function releaseTo(app: RunningApp): Promise<void> {
  const at = (name: string) => join(app.dataFolder, name)
  mkdirSync(at('catalogue'))
  cpSync(join(resourcesFolder, 'holidays.json'), join(at('catalogue'), 'holidays.json'))
  for (const matter of generateMatters({ count: matterCount }))
    writeFileSync(join(at('catalogue'), `${matter.itemId}.json`), JSON.stringify(matter))
  // The samples are release 1; the centre has it once the window has met it.
  const exported = () => app.central('releases', 'export', '1', '--out', at('first.cunrelease'))
  await until('release 1 at the centre', () =>
    exported().then(
      () => true,
      () => false,
    ),
  )
  const release = at('next.cunrelease')
  await app.cli('standards', 'build', at('catalogue'), '--out', release, '--previous', at('first.cunrelease'))
  writeFileSync(at('publisher.pin'), JSON.parse(readFileSync(at('training.json'), 'utf8')).publisherPin)
  await app.cli('standards', 'sign', release, '--key', at('publisher-key.json'), '--pin-file', at('publisher.pin'))
  await app.cli('standards', 'publish', release, '--data', app.dataFolder)
  await until('release 2 in the window', async () => {
    const status = await app.call('catalogue.status', {})
    return status.ok && status.value.inForce?.release === 2
  })
  const listed = await app.call('matters.list', {})
  if (!listed.ok || listed.value.matters.length !== matterCount) throw new Error('the window has other matters')
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 150; tries += 1) {
    if (await isSo()) return
    await wait(400)
  }
  throw new Error(`waited in vain for ${what}`)
}

/** Milliseconds until the form was painted, and until its page was whole. */
type Opening = { readonly form: number; readonly page: number }

/** The samples' names but that of the first one. */
async function namesOf(app: RunningApp): Promise<string[]> {
  const listed = await app.call('matters.list', {})
  if (!listed.ok) throw new Error(listed.error.code)
  return listed.value.matters.map(({ name }) => name).filter((name) => name !== '高龄津贴')
}

/** Picks a matter by the pointer or by the key, and tells the milliseconds from that press to the painted form; leaves it again. */
async function open(page: Page, name: string, by: 'press' | 'Enter'): Promise<Opening> {
  await page.keyboard.press('F2')
  await page.getByRole('textbox', { name: '查找事项' }).fill(name)
  const card = page.getByRole('button', { name: new RegExp(`^${name}`, 'u') }).first()
  // A hand points before it presses, eyes read before Enter is pressed.
  await card.hover()
  await wait(300)
  const watched = await page.evaluateHandle(watchForForm, by === 'Enter' ? 'keydown' : 'click')
  if (by === 'Enter') await page.keyboard.press('Enter')
  else {
    await page.mouse.down()
    await page.mouse.up()
  }
  const took = await watched.evaluate(({ painted }) => painted)
  await wait(200)
  await page.keyboard.press('Escape')
  await page.getByRole('tab', { name: /全部/u }).waitFor()
  return took
}

/** Runs in the page: milliseconds from the next click, or key, until the frames with the form, and with all of its page, were painted. */
function watchForForm(event: string): { readonly painted: Promise<Opening> } {
  let pressedAt = Number.NaN
  addEventListener(event, ({ timeStamp }) => (pressedAt = timeStamp), { once: true, capture: true })
  const paintedWith = (selector: string) =>
    new Promise<number>((resolve) => {
      const look = new MutationObserver(() => {
        if (document.querySelector(selector) === null) return
        look.disconnect()
        // A task after the frame's own begins once it was painted.
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel()
          port1.onmessage = () => resolve(performance.now() - pressedAt)
          port2.postMessage(null)
        })
      })
      look.observe(document.body, { childList: true, subtree: true })
    })
  const both = [paintedWith('.intake .schema-form [data-answer]'), paintedWith('.intake .material')]
  return { painted: Promise.all(both).then(([form = Number.NaN, page = Number.NaN]) => ({ form, page })) }
}
