// Owns: what the centre's table should say by what the windows' stores say, and where it says otherwise.
// Does not own: the table (central/standards/adoption.ts).
// Start here: `differencesOf`.
import type { SignedManifest } from '../../main/wire/catalogue/manifest.ts'
import type { Adoption } from '../../preload/contract/catalogue.ts'

/** What a window's own store says. */
export type WindowWord = {
  readonly stationId: string
  /** Number and SHA-256 of the release in force, and since when; 0 for none. */
  readonly release: number
  readonly sha256: string
  readonly sinceUtc: string | null
  /** SHA-256 of every document in force, sorted. */
  readonly documents: readonly string[]
  /** SHA-256 of releases that it refused. */
  readonly refused: readonly string[]
}

type Counts = Pick<Adoption, 'stations' | 'targeted' | 'fetched' | 'applied' | 'refused'>

/** In words, every difference between the table of a release (for all windows) and the stores; none where it is true. */
export function differencesOf(adoption: Adoption, words: readonly WindowWord[], signed: SignedManifest): string[] {
  const told = new Map(adoption.each.map((one) => [one.stationId, one]))
  const expected = [...signed.manifest.documents.map(({ sha256 }) => sha256)].toSorted()
  const wrong = words.flatMap((word) => {
    const line = told.get(word.stationId)
    if (line === undefined) return [`${word.stationId} is not in the table`]
    const state = stateOf(word, signed)
    const hasAll = state !== 'applied' || word.documents.join() === expected.join()
    const isSame =
      line.state === state &&
      line.inForce === word.release &&
      line.targeted &&
      (state !== 'applied' || line.atUtc === word.sinceUtc)
    return [
      ...(isSame
        ? []
        : [
            `${word.stationId}: table ${line.state} ${line.inForce} ${line.atUtc}, store ${state} ${word.release} ${word.sinceUtc}`,
          ]),
      ...(hasAll ? [] : [`${word.stationId}: other documents than the release names`]),
    ]
  })
  const within = (code: string) => words.filter(({ stationId }) => stationId.startsWith(code))
  return [
    ...wrong,
    ...differentCounts('county', adoption, words, signed),
    ...adoption.towns.flatMap((town) => differentCounts(town.code, town, within(town.code), signed)),
    ...adoption.villages.flatMap((one) => differentCounts(one.code, one, within(one.code), signed)),
    ...missingGroups('town', adoption.towns, words, 9),
    ...missingGroups('village', adoption.villages, words, 12),
    ...(adoption.sha256 === signed.sha256 ? [] : ['the table is of another release']),
  ]
}

function missingGroups(
  what: string,
  told: readonly { readonly code: string }[],
  words: readonly WindowWord[],
  digits: number,
): string[] {
  const wanted = new Set(words.map(({ stationId }) => stationId.slice(0, digits)))
  for (const { code } of told) wanted.delete(code)
  return [...wanted].map((code) => `${what} ${code} is not in the table`)
}

function differentCounts(name: string, told: Counts, words: readonly WindowWord[], signed: SignedManifest): string[] {
  const states = words.map((word) => stateOf(word, signed))
  const count = (state: string) => states.filter((one) => one === state).length
  const counted: Counts = {
    ...{ stations: words.length, targeted: words.length, fetched: 0 },
    ...{ applied: count('applied'), refused: count('refused') },
  }
  return (Object.keys(counted) as (keyof Counts)[])
    .filter((key) => told[key] !== counted[key])
    .map((key) => `${name}: table ${key} ${told[key]}, stores ${counted[key]}`)
}

function stateOf({ sha256, refused }: WindowWord, signed: SignedManifest): 'applied' | 'refused' | 'waits' {
  if (sha256 === signed.sha256) return 'applied'
  return refused.includes(signed.sha256) ? 'refused' : 'waits'
}
