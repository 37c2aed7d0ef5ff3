import { audienceWords } from '../../../../preload/contract/standards/code-words.ts'
import { type Json, type JsonObject, named, objectOf, partOf } from '../tables/json-parts.ts'
import { defaultForm } from './default-form.ts'

/** A standard from what rows of the platform's tables say, and what of a standard a table's column is about. */

/** What the rows of one matter say, by the paths of their fields. */
export type Told = {
  readonly itemId: string
  readonly matter: JsonObject
  readonly materials: readonly JsonObject[]
  readonly fees: readonly JsonObject[]
  readonly questions: readonly JsonObject[]
  readonly source: string
}

const scopeUntold = '以办理地点为准'
const feeUntold = { charged: '收费', free: '不收费' } as const

/** The standard, with plain values where a table cannot tell what a standard must have. */
export function standardOf({ itemId, matter, materials, fees, questions, source }: Told): JsonObject {
  const { place, result, town, village, fee, audienceCodes, legalLimit, ...told } = matter
  const codes = Array.isArray(audienceCodes) ? audienceCodes.map(String) : []
  const words: Readonly<Record<string, string>> = audienceWords
  const division = village ?? town
  const charged = partOf(fee, 'charged')
  return {
    format: 2,
    itemId,
    aliases: [],
    sample: false,
    source,
    audience: codes.length === 0 ? '自然人' : codes.map((code) => words[code] ?? code).join('、'),
    basis: [],
    conditions: [],
    acceptanceBy: 'centre',
    steps: [],
    scope: scopeUntold,
    ...told,
    ...(codes.length === 0 ? {} : { audienceCodes: codes }),
    legalLimit: isNoLimit(legalLimit, told.promisedLimit) ? null : (legalLimit ?? null),
    fee: { charged: false, text: charged === true ? feeUntold.charged : feeUntold.free, ...objectOf(fee) },
    ...(division === undefined ? {} : { divisions: [division] }),
    ...(place === undefined ? {} : { places: [{ name: '办理地点', ...objectOf(place) }] }),
    results: partOf(result, 'name') === undefined ? [] : [{ kind: '30', ...objectOf(result) }],
    form: defaultForm(String(told.name ?? '')),
    materials: materials.map((material, at) => ({
      id: `material-${at + 1}`,
      originals: 0,
      copies: 0,
      source: '99',
      acceptancePoints: [],
      ...material,
    })),
    ...(fees.length === 0 ? {} : { fees: fees.map((one) => ({ ...one })) }),
    questions: questions.map((one) => ({ ...one })),
  }
}

/** Tables have to say a number: 0 beside a promise of days means that no law names a limit. */
export function isNoLimit(legal: Json | undefined, promised: Json | undefined): boolean {
  return partOf(legal, 'days') === 0 && Number(partOf(promised, 'days') ?? 0) > 0
}

/** The standard as the fields' paths name it: the other way of `standardOf`. */
export function toldBy(standard: JsonObject): JsonObject {
  const first = (list: Json | undefined) => (Array.isArray(list) ? list[0] : undefined)
  const divisions = Array.isArray(standard.divisions) ? standard.divisions.map(String) : []
  const village = divisions.find((code) => code.length === 12)
  const town = divisions.find((code) => code.length === 9) ?? village?.slice(0, 9)
  const feeText = partOf(standard.fee, 'text')
  const isToldFee = feeText !== feeUntold.charged && feeText !== feeUntold.free
  const [place, result] = [first(standard.places), first(standard.results)]
  return named([
    ...Object.entries(standard).filter(
      ([name]) => name !== 'fee' && (name !== 'scope' || standard.scope !== scopeUntold),
    ),
    ['fee', { charged: partOf(standard.fee, 'charged') ?? false, ...(isToldFee ? { text: feeText ?? '' } : {}) }],
    ...(place === undefined ? [] : ([['place', place]] as const)),
    ...(result === undefined ? [] : ([['result', result]] as const)),
    ...(town === undefined ? [] : ([['town', town]] as const)),
    ...(village === undefined ? [] : ([['village', village]] as const)),
  ])
}

/** Which part of a standard a field's path is about. */
export function partOfStandard([first = '']: readonly string[]): string {
  const parts: Readonly<Record<string, string>> = {
    place: 'places',
    result: 'results',
    town: 'divisions',
    village: 'divisions',
  }
  return parts[first] ?? first
}

/** What two rows of one matter say together; of a part that both name the later row's names count. */
export function merged(one: JsonObject, other: JsonObject): JsonObject {
  const parts = Object.entries(other).map(([name, value]): [string, Json] => {
    const [before, more] = [objectOf(one[name]), objectOf(value)]
    return [name, before === undefined || more === undefined ? value : { ...before, ...more }]
  })
  return { ...one, ...named(parts) }
}
