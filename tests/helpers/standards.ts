// Owns: the sample standards as tests take and change them.
// Does not own: what a standard is (preload/contract), the program's own reading of them (main/features/matters).
// Start here: `sampleStandard`, `editedSample`.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { NamedText } from '../../main/standards/index.ts'
import { type MatterStandard, matterStandardSchema } from '../../preload/contract/standard.ts'

/** Where the sample catalogue lies. */
export const catalogueFolder = join(import.meta.dirname, '..', '..', 'resources', 'catalogue')

/** Every document of the sample catalogue as its text. */
export function sampleTexts(): { readonly name: string; readonly text: string }[] {
  return readdirSync(catalogueFolder)
    .filter((name) => name !== 'release.json')
    .map((name) => ({ name, text: readFileSync(join(catalogueFolder, name), 'utf8') }))
}

/** A sample's JSON, fresh for every call. */
// biome-ignore lint/suspicious/noExplicitAny: a test changes any part of it, also into what it must not be
export function sampleJson(name: string): any {
  return JSON.parse(readFileSync(join(catalogueFolder, `${name}.json`), 'utf8'))
}

/** A sample as it is read. */
export function sampleStandard(name: string): MatterStandard {
  return matterStandardSchema.parse(sampleJson(name))
}

/** A sample after a change, as the text of a file. */
// biome-ignore lint/suspicious/noExplicitAny: as sampleJson
export function editedSample(name: string, edit: (json: any) => void): NamedText {
  const json = sampleJson(name)
  edit(json)
  return { name: `${name}.json`, text: JSON.stringify(json) }
}
