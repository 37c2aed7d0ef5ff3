import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { type Calendar, calendarSchema } from '../../../preload/contract/calendar.ts'
import { AppError } from '../../../preload/contract/errors.ts'
import type { MatterStandard } from '../../../preload/contract/standard.ts'
import {
  type DocumentKind,
  readDocument,
  type StandardDocument,
} from '../../../preload/contract/standards/documents.ts'
import { harmfulParts } from '../../../preload/contract/standards/harm.ts'
import type { Theme } from '../../../preload/contract/standards/theme.ts'
import { danglingUiNames } from '../../standards/form/questions.ts'

/** A standard with the JSON that it was read from: hashes are of that, without the defaults of newer formats. */
export type CatalogueDocument = { readonly standard: MatterStandard; readonly json: unknown }

/** A release of the catalogue: a number, and every matter that is in force with it. */
export type Catalogue = {
  readonly release: number
  readonly documents: readonly CatalogueDocument[]
  readonly themes: readonly Theme[]
}

const fileName = z.string().regex(/^[a-z0-9-]+\.json$/)
const releaseSchema = z.strictObject({
  format: z.literal(1),
  release: z.int().min(1),
  matters: z.array(fileName).min(1),
  themes: z.array(fileName),
})

/** Number and files of the sample catalogue, without reading the files. */
export function readSampleRelease(resources: string): z.infer<typeof releaseSchema> {
  return releaseSchema.parse(JSON.parse(readFileSync(join(resources, 'catalogue', 'release.json'), 'utf8')))
}

/** The sample catalogue that comes with the program (`resources/catalogue`). Throws INPUT_INVALID for a document that is not whole or could hurt; a missing file is a bug. */
export function readSampleCatalogue(resources: string): Catalogue {
  const folder = join(resources, 'catalogue')
  const { release, matters, themes } = readSampleRelease(resources)
  return {
    release,
    documents: matters.map((name) => {
      const { document, json } = readWhole(join(folder, name), 'matter')
      return { standard: document.value, json }
    }),
    themes: themes.map((name) => readWhole(join(folder, name), 'theme').document.value),
  }
}

/** The workday calendars that come with the program. */
export function readCalendars(resources: string): readonly Calendar[] {
  return [calendarSchema.parse(JSON.parse(readFileSync(join(resources, 'holidays.json'), 'utf8')))]
}

/** A document that is whole: the right shape, harmless, no dangling references of its form. Throws INPUT_INVALID with what is wrong first. */
function readWhole<K extends DocumentKind>(file: string, kind: K) {
  const read = readDocument(readFileSync(file, 'utf8'))
  if (!read.ok || read.document.kind !== kind) throw new AppError('INPUT_INVALID', { field: file })
  const { document, json } = read
  const dangling = document.kind === 'matter' ? danglingUiNames(document.value.form) : []
  const [wrong] = [...harmfulParts(document), ...dangling]
  if (wrong !== undefined) throw new AppError('INPUT_INVALID', { field: `${file} ${wrong}` })
  return { document: document as Extract<StandardDocument, { kind: K }>, json }
}
