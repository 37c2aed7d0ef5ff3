import { shanghaiTimeInWords } from '../../../preload/contract/calendar.ts'
import type { EntryPayload } from '../../../preload/contract/entries.ts'
import { AppError } from '../../../preload/contract/errors.ts'
import { stationSubject } from '../../store/index.ts'
import type { SignedManifest } from '../../wire/catalogue/manifest.ts'
import { releaseFileName } from '../../wire/catalogue/release-file.ts'
import { releasesOut, type StandardsGround } from './ground.ts'
import { selectWritten } from './others-store.ts'
import { type MadeRelease, selectMade } from './store.ts'
import { wholePack } from './whole-pack.ts'

/**
 * Writes a release as a file to a stick, and says so in the ledger before its first byte: where a file may lie the number is used
 * up. Throws NOT_FOUND, STICK_GONE, STICK_FULL, FILE_NOT_WRITABLE.
 */
export async function toStick(
  ground: StandardsGround,
  { sha256, stickId }: { readonly sha256: string; readonly stickId: string },
  account: string,
): Promise<string> {
  const made = selectMade(ground.context.store.db).find((one) => one.sha256 === sha256 && one.state !== 'refused')
  const signed = made ?? releasesOut(ground).find((one) => one.sha256 === sha256)
  if (signed === undefined) throw new AppError('NOT_FOUND', { what: '那一次发布' })
  const name = releaseFileName(signed)
  const pack = await wholePack(ground, signed)
  const stick = (await ground.ports.nameOfStick(stickId)).slice(0, 100)
  note(ground, signed, { stick, outcome: 'begun' }, account)
  try {
    await ground.ports.writeToStick(stickId, name, pack)
  } catch (error) {
    note(ground, signed, { stick, outcome: 'failed' }, account)
    throw error
  }
  return name
}

function note(
  { context }: StandardsGround,
  { sha256, manifest: { release } }: SignedManifest,
  what: Pick<EntryPayload<'publishing.written@1'>, 'stick' | 'outcome'>,
  account: string,
): void {
  const { store, nowUtc } = context
  const draft = { kind: 'publishing.written', version: 1, subject: stationSubject, actor: account, at: nowUtc() }
  const payload: EntryPayload<'publishing.written@1'> = { release, sha256, ...what }
  store.transaction(() => store.ledger.append([{ ...draft, payload }]))
  context.emit({ event: 'changed', payload: { topics: ['standards'] } })
}

/** Throws PUBLISH_ON_STICK for a release that lies on a stick: windows may have it, and dropped, its number would be used twice. */
export function assertOnNoStick({ context }: StandardsGround, { sha256, state, manifest }: MadeRelease): void {
  const [written] = selectWritten(context.store.db, sha256)
  if (written === undefined) return
  const { stick, atUtc } = written
  const what =
    state === 'refused' &&
    '中心没有接受它，请把U盘收回来，删掉这个文件；已经读入它的窗口，会在“采用情况”里显示没有接受，从中心再下一次发布起恢复一致。'
  throw new AppError('PUBLISH_ON_STICK', {
    ...{ release: manifest.release, stick, when: shanghaiTimeInWords(atUtc) },
    ...(what && { what }),
  })
}
