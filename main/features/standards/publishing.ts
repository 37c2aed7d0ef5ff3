// Owns: making a release: built on the newest one, signed with the publisher's key, sent to the centre, dropped while nobody has it.
// Does not own: what it holds (planning.ts), the key (publisher.ts), sticks (sticks.ts), whether a station takes it (catalogue).
// Start here: `publish`.
import { shanghaiTimeInWords } from '../../../preload/contract/calendar.ts'
import { type CatalogueManifest, publishedReleaseSchema } from '../../../preload/contract/catalogue.ts'
import type { EntryPayload } from '../../../preload/contract/entries.ts'
import { AppError } from '../../../preload/contract/errors.ts'
import { sentenceFor } from '../../../preload/contract/sentences.ts'
import type { ReleaseContents, ReleaseTargets } from '../../../preload/contract/standards/publishing.ts'
import { stationSubject } from '../../store/index.ts'
import { changedRefs, isFor, type SignedManifest, signManifest } from '../../wire/catalogue/manifest.ts'
import { packMediaType } from '../../wire/catalogue/pack.ts'
import { readAnswer } from '../../wire/centre-answers.ts'
import type { CentreClient } from '../../wire/centre-client.ts'
import { keepProof } from './county.ts'
import { bodyOf, newestRelease, type StandardsGround } from './ground.ts'
import { writeLooked } from './others-store.ts'
import { assertSound, assertStillOut, type Contents, contentsOf } from './planning.ts'
import { openKey } from './publisher.ts'
import { assertOnNoStick } from './sticks.ts'
import {
  deleteCopiesOf,
  deleteMade,
  freeCopies,
  insertMade,
  type MadeRelease,
  markCopies,
  selectMade,
  selectSecondPerson,
  updateMade,
  writePerhapsOut,
} from './store.ts'
import { wholePack } from './whole-pack.ts'

/** Somebody's word by account and login PIN. */
export type Approval = { readonly account: string; readonly pin: string }

/** What somebody wants to publish. */
export type PublishWish = {
  readonly targets: ReleaseTargets
  readonly contents: ReleaseContents
  /** Null: at once. */
  readonly effectiveAtUtc: string | null
  readonly note: string
  readonly pin: string
  readonly approval: Approval | null
}

/**
 * Makes a release and signs it, all of it durable, then sends it to the centre; where the link is away it waits. Gives its hash.
 * What the centre refuses is taken back, and thrown. Throws as the contract's `standards.publish`.
 */
export async function publish(ground: StandardsGround, wish: PublishWish, account: string): Promise<string> {
  assertNoneWaits(ground)
  const signer = await openKey(ground, wish.pin)
  keepProof(ground, signer)
  await assertNothingNewer(ground)
  assertStillOut(ground, wish.contents)
  const contents = contentsOf(ground, wish.contents)
  const manifest = manifestOf(ground, wish, contents)
  assertSound(ground, wish, contents)
  assertChanges(ground, manifest)
  const approvedBy = selectSecondPerson(ground.context.store.db)
    ? await assertSecondPerson(ground, wish.approval, account)
    : ''
  const approvedName = approvedBy === '' ? '' : ground.ports.displayName(approvedBy)
  const signed = signManifest({ ...manifest, approvedBy: approvedName }, signer)
  keepMade(ground, { signed, contents, approvedBy, account })
  await send(ground, signed.sha256, account).catch((error: unknown) => {
    if (!isOfTheLink(error)) throw error
  })
  return signed.sha256
}

/**
 * Throws PUBLISH_STALE where another desk published meanwhile, RELEASE_… where what the centre has is not right: nothing can be made
 * on it. Throws PUBLISH_CENTRE_BEHIND where the centre lost what is out and does not take it back. A centre that cannot be asked now will say so when the release is sent.
 */
async function assertNothingNewer(ground: StandardsGround): Promise<void> {
  const before = newestRelease(ground)?.sha256
  await ground.catchUp('publish').catch((error: unknown) => {
    const isOfReleases = ({ code }: AppError) => code.startsWith('RELEASE_') || code === 'PUBLISH_CENTRE_BEHIND'
    if (!(error instanceof AppError) || isOfReleases(error)) throw error
  })
  const now = newestRelease(ground)
  if (now !== undefined && now.sha256 !== before) throw new AppError('PUBLISH_STALE', { release: now.manifest.release })
}

function assertNoneWaits({ context }: StandardsGround): void {
  const waiting = selectMade(context.store.db).find(({ state }) => state === 'waits')
  if (waiting !== undefined) throw new AppError('PUBLISH_WAITING', { release: waiting.manifest.release })
}

function manifestOf(ground: StandardsGround, wish: PublishWish, { documents }: Contents): CatalogueManifest {
  const { station, nowUtc } = ground.context
  const newest = newestRelease(ground)
  const madeAtUtc = nowUtc()
  const { targets, note } = wish
  if (wish.effectiveAtUtc !== null && wish.effectiveAtUtc < madeAtUtc)
    throw new AppError('RELEASE_TIME', { why: `生效时间 ${shanghaiTimeInWords(wish.effectiveAtUtc)} 已经过去` })
  return {
    ...{ format: 1, county: station.stationId.slice(0, 6), release: (newest?.manifest.release ?? 0) + 1 },
    previous: newest ? { release: newest.manifest.release, sha256: newest.sha256 } : null,
    ...{ madeAtUtc, effectiveAtUtc: wish.effectiveAtUtc ?? madeAtUtc },
    targets: targets === 'all' ? targets : [...new Set(targets)].toSorted(),
    note,
    documents: documents.map(({ bytes: _, ...ref }) => ref),
    approvedBy: '',
  }
}

/** The same documents for the same stations again, no sooner, would be a release of nothing. */
function assertChanges(ground: StandardsGround, { documents, targets, effectiveAtUtc }: CatalogueManifest): void {
  const newest = newestRelease(ground)?.manifest
  const isSame =
    newest !== undefined &&
    changedRefs(newest.documents, documents).length === 0 &&
    (newest.effectiveAtUtc <= ground.context.nowUtc() || newest.effectiveAtUtc <= effectiveAtUtc)
  if (isSame && JSON.stringify(newest.targets) === JSON.stringify(targets)) throw new AppError('PUBLISH_NOTHING')
  if (documents.length === 0) throw new AppError('PUBLISH_NOTHING')
}

/** The second person: another administrator with a PIN that is right. Gives the account. */
export async function assertSecondPerson(
  { ports }: StandardsGround,
  approval: Approval | null,
  account: string,
): Promise<string> {
  if (approval === null) throw new AppError('PUBLISH_APPROVAL_NEEDED')
  const second = approval.account.normalize('NFC').trim()
  if (second === account || ports.roleOf(second) !== 'administrator') throw new AppError('PUBLISH_APPROVER_UNFIT')
  await ports.checkPin(second, approval.pin)
  return second
}

type ToKeep = {
  readonly signed: SignedManifest
  readonly contents: Contents
  readonly approvedBy: string
  readonly account: string
}

/** Keeps a signed release with its entry; its working copies go with it. What else was made or taken meanwhile is looked at once more. */
function keepMade(ground: StandardsGround, { signed, contents, approvedBy, account }: ToKeep): void {
  const { store, nowUtc } = ground.context
  const { release, effectiveAtUtc } = signed.manifest
  store.transaction(() => {
    assertNoneWaits(ground)
    if (newestRelease(ground)?.sha256 !== signed.manifest.previous?.sha256)
      throw new AppError('RELEASE_GAP', { base: release - 1, why: '刚才又来了新的一次，请再看一遍改动' })
    const fresh = contents.documents.filter(({ sha256 }) => bodyOf(ground, sha256) === undefined)
    insertMade(store.db, signed, fresh, nowUtc())
    const copyIds = contents.copies.map(({ copyId }) => copyId)
    markCopies(store.db, copyIds, signed.sha256)
    const payload: EntryPayload<'publishing.signed@1'> = {
      ...{ release, sha256: signed.sha256, publicKey: signed.publisher, effectiveAtUtc, approvedBy },
    }
    const entry = { kind: 'publishing.signed', version: 1, subject: stationSubject, actor: account, at: nowUtc() }
    store.ledger.append([{ ...entry, payload }])
  })
}

/** Whether a failure says nothing of the release itself: it can be sent later. */
function isOfTheLink(error: unknown): boolean {
  return error instanceof AppError && ['LINK_DOWN', 'CENTRE_UNREACHABLE', 'CENTRE_NONSENSE'].includes(error.code)
}

/** Failures before a word was said to the centre. */
const beforeTheCentre: readonly unknown[] = ['name', 'refused', 'no-route', 'proxy', 'portal', 'not-enrolled']

/** Whether a failure of the link says that nothing of what was sent can be at the centre. */
function neverArrived({ code, details: { reason } }: AppError): boolean {
  if (code === 'LINK_DOWN') return true
  return code === 'CENTRE_UNREACHABLE' && (beforeTheCentre.includes(reason) || String(reason).startsWith('tls'))
}

/**
 * Sends a release that waits, and takes it here where it is for this station. Throws what the link says, with the release still
 * waiting; what the centre refuses frees the working copies, and is thrown.
 */
export async function send(
  ground: StandardsGround,
  sha256: string,
  account: string,
  client: CentreClient = ground.ports.client(),
): Promise<void> {
  const { context } = ground
  const made = waiting(ground, sha256)
  const pack = await wholePack(ground, made)
  // From its first byte on: a process that ends now, or a lost answer, tells nobody whether the centre has it.
  writePerhapsOut(context.store.db, sha256, true)
  try {
    const headers = { accept: 'application/json', 'content-type': packMediaType }
    const reply = await client.send({ method: 'POST', path: '/v1/releases', headers, body: pack })
    readAnswer(publishedReleaseSchema, reply)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const said = sentenceFor(error.code, error.details).title
    context.store.transaction(() => {
      updateMade(context.store.db, sha256, isOfTheLink(error) ? 'waits' : 'refused', said)
      if (!isOfTheLink(error) || (!made.perhapsOut && neverArrived(error)))
        writePerhapsOut(context.store.db, sha256, false)
      if (!isOfTheLink(error)) freeCopies(context.store.db, sha256)
    })
    told(ground)
    throw error
  }
  context.store.transaction(() => {
    updateMade(context.store.db, sha256, 'sent', '')
    writeLooked(context.store.settings, made.manifest.release)
    deleteCopiesOf(context.store.db, sha256)
  })
  await takeHere(ground, made, pack, account)
  told(ground)
}

/** Sends what waits, when the link has room. What the link says is for the link; what the centre refuses is noted, anything else is logged. */
export async function sendWaiting(ground: StandardsGround, client: CentreClient): Promise<void> {
  const made = selectMade(ground.context.store.db).find(({ state }) => state === 'waits')
  if (made === undefined) return
  await send(ground, made.sha256, 'system', client).catch((error: unknown) => {
    if (isOfTheLink(error)) throw error
    if (!(error instanceof AppError)) ground.context.log('publishing', error)
  })
}

/** The publisher's own station need not wait for the centre to tell it. What it does not take it is told of like any other. */
async function takeHere(ground: StandardsGround, made: SignedManifest, pack: Buffer, account: string): Promise<void> {
  const { context, ports } = ground
  if (!isFor(made.manifest.targets, { stationId: context.station.stationId, tags: [] })) return
  await ports.take(pack, account).catch((error: unknown) => context.log('publishing', error))
}

function waiting({ context }: StandardsGround, sha256: string): MadeRelease {
  const made = selectMade(context.store.db).find((one) => one.sha256 === sha256)
  if (made?.state !== 'waits') throw new AppError('NOT_FOUND', { what: '还没送出去的这一次发布' })
  return made
}

/** Forgets a release that the centre does not have; its working copies can be changed again. Throws NOT_FOUND, PUBLISH_ON_STICK, PUBLISH_PERHAPS_OUT. */
export function drop(ground: StandardsGround, sha256: string): void {
  const { store } = ground.context
  store.transaction(() => {
    const made = selectMade(store.db).find((one) => one.sha256 === sha256)
    if (made === undefined || made.state === 'sent') throw new AppError('NOT_FOUND', { what: '还没送出去的这一次发布' })
    assertOnNoStick(ground, made)
    if (made.perhapsOut) throw new AppError('PUBLISH_PERHAPS_OUT', { release: made.manifest.release })
    freeCopies(store.db, sha256)
    deleteMade(store.db, sha256)
  })
  told(ground)
}

function told({ context }: StandardsGround): void {
  context.emit({ event: 'changed', payload: { topics: ['standards'] } })
}
