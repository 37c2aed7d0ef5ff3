import { pinyin } from 'pinyin-pro'
import type { EntryPayload } from '../../../preload/contract/entries.ts'
import { AppError } from '../../../preload/contract/errors.ts'
import { type MatterStandard, matterStandardSchema } from '../../../preload/contract/standard.ts'
import type { MatterSummary } from '../../../preload/contract/views.ts'
import type { DeskContext } from '../../desk/feature.ts'
import { stationSubject } from '../../store/index.ts'
import { canonicalBytes, sha256Hex } from '../../wire/canonical.ts'
import type { Catalogue, CatalogueDocument } from './catalogue.ts'
import {
  insertStandard,
  type StandardRow,
  selectAllInForce,
  selectInForce,
  selectRelease,
  selectStandard,
} from './store.ts'

/** A standard and the SHA-256 of its canonical JSON: what a case is pinned to. */
export type KnownStandard = { readonly standard: MatterStandard; readonly sha256: string }

const parsed = new Map<string, MatterStandard>()

/** Rows are written only after a check; what an older format lacks is filled in. Each is parsed once. */
function known(row: StandardRow): KnownStandard {
  const standard = parsed.get(row.sha256) ?? matterStandardSchema.parse(JSON.parse(row.body))
  parsed.set(row.sha256, standard)
  return { standard, sha256: row.sha256 }
}

/**
 * Puts a release in force, whole or not at all. Says whether anything changed: the release that is in force already
 * changes nothing. Throws NOT_ALLOWED for an older release, or one that gives a known version other contents; a standard
 * never deletes a case, and versions that were in force stay readable.
 */
export function applyCatalogue(context: DeskContext, catalogue: Catalogue, actor: string): boolean {
  const { store } = context
  return store.transaction(() => {
    const inForce = selectRelease(store.db)
    if (catalogue.release === inForce) return false
    if (catalogue.release < inForce) throw new AppError('NOT_ALLOWED', { reason: 'older-release' })
    const rows = catalogue.documents.map(keepStandard(context))
    const payload: EntryPayload<'catalogue.applied@1'> = { release: catalogue.release, matters: rows }
    const at = context.nowUtc()
    store.ledger.append([{ kind: 'catalogue.applied', version: 1, subject: stationSubject, actor, at, payload }])
    return true
  })
}

const keepStandard =
  ({ store }: DeskContext) =>
  ({ standard, json }: CatalogueDocument) => {
    const { itemId, version } = standard
    const bytes = canonicalBytes(json)
    const sha256 = sha256Hex(bytes)
    const before = selectStandard(store.db, itemId, version)
    if (before !== undefined && before.sha256 !== sha256)
      throw new AppError('NOT_ALLOWED', { reason: 'version-reused' })
    insertStandard(store.db, { sha256, itemId, version, body: bytes.toString('utf8') })
    return { itemId, version, sha256 }
  }

/** The standard in force. Throws STANDARD_UNKNOWN. */
export function standardInForce(context: DeskContext, itemId: string): KnownStandard {
  const row = selectInForce(context.store.db, itemId)
  if (row === undefined) throw new AppError('STANDARD_UNKNOWN', { itemId })
  return known(row)
}

/** Any version that was ever in force here; undefined where it is not known. */
export function standardOfVersion(context: DeskContext, itemId: string, version: number): KnownStandard | undefined {
  const row = selectStandard(context.store.db, itemId, version)
  return row === undefined ? undefined : known(row)
}

/** Matters in force, the most used first. */
export function listMatters(context: DeskContext, timesUsed: ReadonlyMap<string, number>): MatterSummary[] {
  const today = context.today()
  return selectAllInForce(context.store.db)
    .map(known)
    .filter(({ standard }) => isOpen(standard, today))
    .map((one) => summaryOf(one, timesUsed.get(one.standard.itemId) ?? 0))
    .toSorted((a, b) => b.timesUsed - a.timesUsed || a.name.localeCompare(b.name, 'zh-CN'))
}

/** Whether a matter can be taken in on a day: begun, not ended, neither suspended nor cancelled. */
function isOpen({ effectiveFrom, effectiveUntil, status }: MatterStandard, today: string): boolean {
  return status === 'active' && effectiveFrom <= today && (effectiveUntil === null || today < effectiveUntil)
}

const searchKeysKnown = new Map<string, string[]>()

function summaryOf({ standard, sha256 }: KnownStandard, timesUsed: number): MatterSummary {
  const { itemId, code, name, aliases, version, department, promisedLimit, sample } = standard
  const searchKeys = searchKeysKnown.get(sha256) ?? searchKeysOf([name, ...aliases])
  searchKeysKnown.set(sha256, searchKeys)
  return { itemId, code, name, aliases, searchKeys, version, department, promisedLimit, sample, timesUsed }
}

/** Pinyin and initials of names, lower case, each once: `gaolingjintie`, `gljt`. */
function searchKeysOf(names: readonly string[]): string[] {
  const keys = names.flatMap((name) => {
    const whole = pinyin(name, { toneType: 'none', type: 'array', v: true })
    const initials = pinyin(name, { pattern: 'first', toneType: 'none', type: 'array' })
    return [whole.join(''), initials.join('')].map((key) => key.toLowerCase().replaceAll(/[^a-z0-9]/gu, ''))
  })
  return [...new Set(keys.filter((key) => key !== ''))]
}
