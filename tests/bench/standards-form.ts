// Owns: how soon a matter's form is painted after the press that picks it, in the real window with a catalogue of 139.
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

/** So many matters are opened, each for the first time, after the first. */
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
    await releaseTo(app)
    const first = await open(app.page, 0)
    const later: number[] = []
    for (let at = 1; at <= opened; at += 1) later.push(await open(app.page, at))
    const again: number[] = []
    for (let at = 1; at <= opened; at += 1) again.push(await open(app.page, at))
    const peer = `the first form after the login ${milliseconds(first)}`
    const row = (what: string, samples: readonly number[]): Row => ({
      what: `standards: ${what}, from the press to the form painted (95 of 100: ${milliseconds(percentile95(samples))})`,
      median: milliseconds(median(samples)),
      target: '< 50 ms',
      met: median(samples) < 50,
      peer,
      ratio: (first / median(samples)).toFixed(1),
    })
    return [
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
  await untilInForce(app, 1)
  await app.central('releases', 'export', '1', '--out', at('first.cunrelease'))
  const release = at('next.cunrelease')
  await app.cli('standards', 'build', at('catalogue'), '--out', release, '--previous', at('first.cunrelease'))
  writeFileSync(at('publisher.pin'), JSON.parse(readFileSync(at('training.json'), 'utf8')).publisherPin)
  await app.cli('standards', 'sign', release, '--key', at('publisher-key.json'), '--pin-file', at('publisher.pin'))
  await app.cli('standards', 'publish', release, '--data', app.dataFolder)
  await untilInForce(app, 2)
  const listed = await app.call('matters.list', {})
  if (!listed.ok || listed.value.matters.length !== matterCount) throw new Error('the window has other matters')
}

async function untilInForce(app: RunningApp, release: number): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    const status = await app.call('catalogue.status', {})
    if (status.ok && status.value.inForce?.release === release) return
    await wait(200)
  }
  throw new Error(`release ${release} did not take effect in the window`)
}

/** Picks a matter and tells the milliseconds from the press to the painted form; leaves it again. */
async function open(page: Page, at: number): Promise<number> {
  await page.keyboard.press('F2')
  const name = `生成测试事项${String(at + 1).padStart(3, '0')}`
  await page.getByRole('textbox', { name: '查找事项' }).fill(name)
  const card = page.getByRole('button', { name: new RegExp(`^${name}`, 'u') })
  // A hand points before it presses.
  await card.hover()
  await wait(300)
  const watched = await page.evaluateHandle(watchForForm)
  await page.mouse.down()
  await page.mouse.up()
  const took = await watched.evaluate(({ painted }) => painted)
  await wait(200)
  await page.keyboard.press('Escape')
  await page.getByRole('tab', { name: /全部/u }).waitFor()
  return took
}

/** Runs in the page: milliseconds from the next press of the pointer until the frame with the form's fields was painted. */
function watchForForm(): { readonly painted: Promise<number> } {
  let pressedAt = Number.NaN
  addEventListener('pointerdown', ({ timeStamp }) => (pressedAt = timeStamp), { once: true, capture: true })
  const painted = new Promise<number>((resolve) => {
    const look = new MutationObserver(() => {
      if (document.querySelector('.intake .schema-form [data-answer]') === null) return
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
  return { painted }
}
