// Owns: the running program with a link that a spec can spoil between its desk and its centre, and a folder as its stick.
// Does not own: how a link is bad (link-emulator.ts), what a spec does with it.
// Start here: `test`, whose `link` stands before `app` is started.
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base } from './app.ts'
import { electronUser } from './electron.ts'
import { type LinkEmulator, startLinkEmulator } from './link-emulator.ts'

export { expect } from './app.ts'

/** Playwright's `test` with `app`, `link` and `stick`: a folder that the program takes for a plugged-in stick. */
export const test = base.extend<{ centrePort: number; link: LinkEmulator; stick: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures that are wanted from this pattern.
  centrePort: async ({}, use) => use(await freePort()),
  link: async ({ centrePort }, use) => {
    const link = await startLinkEmulator(`http://127.0.0.1:${centrePort}`)
    await use(link)
    await link.stop()
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures that are wanted from this pattern.
  stick: async ({}, use, info) => {
    const folder = mkdtempSync(join(tmpdir(), 'cunchuang-stick-'))
    chmodSync(folder, 0o700)
    // The screen names a stick by its folder.
    const stick = join(folder, '珠玑村U盘')
    mkdirSync(stick)
    if (info.project.name === 'electron') electronUser().own(folder)
    await use(stick)
    rmSync(folder, { recursive: true, force: true })
  },
  startWith: async ({ centrePort, link, stick }, use) =>
    use({
      args: ['--centre-port', String(centrePort), '--centre-url', link.url],
      environment: { CUNCHUANG_STICKS: stick },
    }),
})

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
