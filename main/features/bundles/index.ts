// Owns: what waits, carried on a stick: written here, handed on for others, and the centre's answer taken in.
// Does not own: the format (main/wire/bundle/format.ts), the link (sync), which files wait (files).
// Start here: `createBundles`; exporting.ts writes, carrying.ts hands on, applying.ts takes in, sticks.ts finds sticks.
import { callerOf, type DeskContext, type FeatureModule } from '../../desk/feature.ts'
import { type ByteSource, fileSource } from '../../wire/bundle/reader.ts'
import { applyAnswer, checkAnswerHead } from './applying.ts'
import { carryBundle, checkBundleHead } from './carrying.ts'
import { planExport, runExport } from './exporting.ts'
import { createJobs, type JobProgress } from './jobs.ts'
import type { BundlePorts } from './ports.ts'
import { type BundleViewer, describeStick, findBundleFile, findSticks, openedFile, placeOf } from './sticks.ts'
import { findBundle } from './store.ts'

export type { BundlePorts } from './ports.ts'
export { writeToStick } from './small-file.ts'
export { findSticks, nameOfStick } from './sticks.ts'

/** The bundles feature. */
export function createBundles(context: DeskContext, ports: BundlePorts): FeatureModule {
  const jobs = createJobs({
    onJob: (job) => context.emit({ event: 'bundle', payload: job }),
    onBug: (error) => context.log('bundle', error),
  })
  const changed = () => context.emit({ event: 'changed', payload: { topics: ['cases', 'files', 'notices'] } })
  /** Opens a bundle on a stick, checks its head at once, and begins a job over it. */
  const beginOver = async (
    job: 'carry' | 'apply',
    { stickId, file }: { readonly stickId: string; readonly file: string },
    check: (source: ByteSource) => Promise<unknown>,
    work: (path: string, source: ByteSource, progress: JobProgress) => Promise<string>,
  ) => {
    jobs.assertFree()
    const path = await findBundleFile(await placeOf(stickId), file)
    {
      await using looked = await openedFile(path)
      await check(await fileSource(looked.file))
    }
    jobs.begin(job, async (progress) => {
      await using opened = await openedFile(path)
      return await work(path, await fileSource(opened.file), progress)
    })
    return { done: true as const }
  }
  return {
    projectors: [],
    handlers: {
      'bundle.sticks': async () => {
        const viewer = viewerOf(context)
        const places = await findSticks()
        const described = await Promise.all(places.map((place) => describeStick(place, viewer).catch(() => undefined)))
        return { sticks: described.filter((stick) => stick !== undefined), job: jobs.current() }
      },
      'bundle.export': async ({ stickId, withFiles }, caller) => {
        jobs.assertFree()
        const { account } = callerOf(caller)
        const plan = await planExport(context, ports, await placeOf(stickId), { withFiles, account })
        jobs.begin('export', (progress) => runExport(context, ports, plan, progress))
        return { done: true }
      },
      'bundle.carry': (wanted, caller) => {
        const { account } = callerOf(caller)
        return beginOver(
          'carry',
          wanted,
          (source) => checkBundleHead(context, ports, source),
          (path, source, progress) => carryBundle(context, ports, { path, source, account }, progress),
        )
      },
      'bundle.apply': (wanted, caller) => {
        const { account } = callerOf(caller)
        return beginOver(
          'apply',
          wanted,
          (source) => checkAnswerHead(context, source),
          async (_path, source, progress) => {
            try {
              return await applyAnswer(context, ports, source, account, progress)
            } finally {
              changed()
            }
          },
        )
      },
      'bundle.cancel': async () => {
        await jobs.cancel()
        return { done: true }
      },
    },
    close: jobs.cancel,
  }
}

function viewerOf(context: DeskContext): BundleViewer {
  const { id, publicKey, centre } = context.store.station.read()
  return {
    stationId: id,
    publicKey,
    centre,
    isReturned: (bundleId) => findBundle(context.store.db, bundleId)?.isReturned === true,
  }
}
