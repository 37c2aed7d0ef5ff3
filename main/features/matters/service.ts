import { pinyin } from 'pinyin-pro'
import { AppError } from '../../../preload/contract/errors.ts'
import type { MatterStandard } from '../../../preload/contract/standard.ts'
import type { MatterSummary } from '../../../preload/contract/views.ts'
import type { DeskContext } from '../../desk/feature.ts'
import { closureOn } from '../../standards/index.ts'

/** A standard and the SHA-256 of its bytes: what a case is pinned to. */
export type KnownStandard = { readonly standard: MatterStandard; readonly sha256: string }

/** Where standards come from (catalogue). */
export type StandardSource = {
  readonly inForce: (kind: 'matter' | 'theme', id: string) => Found | undefined
  readonly allInForce: (kind: 'matter' | 'theme') => Found[]
  readonly ofVersion: (kind: 'matter' | 'theme', id: string, version: number) => Found | undefined
}

type Found = { readonly value: unknown; readonly sha256: string }

/** The catalogue reads each document by its shape before it gives it out. */
function known({ value, sha256 }: Found): KnownStandard {
  return { standard: value as MatterStandard, sha256 }
}

/** The standard in force. Throws STANDARD_UNKNOWN. */
export function standardInForce(source: StandardSource, itemId: string): KnownStandard {
  const found = source.inForce('matter', itemId)
  if (found === undefined) throw new AppError('STANDARD_UNKNOWN', { itemId })
  return known(found)
}

/** The standard in force where people can be taken in by it on a day. */
export function standardOpen(source: StandardSource, itemId: string, today: string): KnownStandard | undefined {
  const found = source.inForce('matter', itemId)
  return found !== undefined && isOpen(known(found).standard, today) ? known(found) : undefined
}

/** Any version that was ever kept here; undefined where it is not known. */
export function standardOfVersion(source: StandardSource, itemId: string, version: number): KnownStandard | undefined {
  const found = source.ofVersion('matter', itemId, version)
  return found && known(found)
}

/** Matters in force, the most used first. */
export function listMatters(
  { today }: DeskContext,
  source: StandardSource,
  timesUsed: ReadonlyMap<string, number>,
): MatterSummary[] {
  const day = today()
  return source
    .allInForce('matter')
    .map(known)
    .filter(({ standard }) => isOpen(standard, day))
    .map((one) => summaryOf(one, timesUsed.get(one.standard.itemId) ?? 0))
    .toSorted((a, b) => b.timesUsed - a.timesUsed || a.name.localeCompare(b.name, 'zh-CN'))
}

/** Whether a matter can be taken in on a day: begun, not ended, neither suspended nor cancelled. */
export function isOpen(standard: MatterStandard, today: string): boolean {
  return closureOn(standard, today) === undefined
}

const searchKeysKnown = new Map<string, string[]>()

function summaryOf({ standard, sha256 }: KnownStandard, timesUsed: number): MatterSummary {
  const { itemId, code, name, aliases, version, department, promisedLimit, sample } = standard
  const searchKeys = searchKeysOfDocument(sha256, [name, ...aliases])
  return { itemId, code, name, aliases, searchKeys, version, department, promisedLimit, sample, timesUsed }
}

/** As `searchKeysOf`; made once a document. */
export function searchKeysOfDocument(sha256: string, names: readonly string[]): string[] {
  const searchKeys = searchKeysKnown.get(sha256) ?? searchKeysOf(names)
  searchKeysKnown.set(sha256, searchKeys)
  return searchKeys
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
