// Owns: another window under the centre of the running program: its desk, without a screen.
// Does not own: the running program (app.ts), desks of integration tests (desk.ts).
// Start here: `startSecondDesk`.
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import type { RunningApp } from './app.ts'
import { type DeskUnderTest, freshFolder, loginTraining, removeFolder, startDesk } from './desk.ts'

/** The division of the second window. */
export const secondDivision = '440282001001'

/** The desk, logged in, and its end. */
export type SecondDesk = {
  readonly desk: DeskUnderTest
  readonly sessionId: string
  /** Gives it a copy of the training publisher's key, so that it publishes too. */
  readonly takePublisherKey: () => void
  readonly stop: () => Promise<void>
}

/** Starts it on a folder of its own, enrolled at the centre of `app`; resolves once it has the release that is in force at `app`. */
export async function startSecondDesk(app: RunningApp): Promise<SecondDesk> {
  await expect(app.page.getByRole('banner')).toContainText('在线', { timeout: 60_000 })
  const status = await app.call('sync.status', {})
  if (!status.ok) throw new Error('no status')
  const folder = freshFolder()
  const desk = await startDesk(folder, [
    ...['--training', '--cheap-pins', '--check-outputs', '--division', secondDivision],
    ...['--centre-url', status.value.centreUrl, '--centre-data', app.dataFolder],
  ])
  const { sessionId } = await loginTraining(desk)
  // A training station makes samples of its own until the centre tells it the county's.
  const county = await app.call('catalogue.status', {})
  const ofCounty = county.ok ? county.value.inForce?.sha256 : undefined
  const inForce = async () => (await desk.ask('catalogue.status', {}, sessionId)).inForce?.sha256
  await expect.poll(inForce, { timeout: 60_000 }).toBe(ofCounty)
  return {
    desk,
    sessionId,
    takePublisherKey: () =>
      copyFileSync(join(app.dataFolder, 'publisher-key.json'), join(folder, 'publisher-key.json')),
    stop: async () => {
      await desk.kill('SIGKILL')
      removeFolder(folder)
    },
  }
}
