import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { type Calendar, calendarSchema } from '../../../preload/contract/calendar.ts'
import { AppError } from '../../../preload/contract/errors.ts'
import { type MatterStandard, matterStandardSchema } from '../../../preload/contract/standard.ts'
import { danglingUiNames } from './form-schema.ts'

/** A release of the catalogue: a number, and every matter that is in force with it. */
export type Catalogue = { readonly release: number; readonly standards: readonly MatterStandard[] }

const releaseSchema = z.strictObject({
  format: z.literal(1),
  release: z.int().min(1),
  matters: z.array(z.string().regex(/^[a-z0-9-]+\.json$/)).min(1),
})

/** The sample catalogue that comes with the program (`resources/catalogue`). Throws as `checkStandard` does; a missing file is a bug. */
export function readSampleCatalogue(resources: string): Catalogue {
  const folder = join(resources, 'catalogue')
  const { release, matters } = releaseSchema.parse(readJson(join(folder, 'release.json')))
  return { release, standards: matters.map((name) => checkStandard(readJson(join(folder, name)))) }
}

/** The workday calendars that come with the program. */
export function readCalendars(resources: string): readonly Calendar[] {
  return [calendarSchema.parse(readJson(join(resources, 'holidays.json')))]
}

/** A standard that is whole: the right shape, no dangling references. Throws INPUT_INVALID with what is wrong first. */
function checkStandard(value: unknown): MatterStandard {
  const parsed = matterStandardSchema.safeParse(value)
  if (!parsed.success) {
    throw new AppError(
      'INPUT_INVALID',
      { field: parsed.error.issues[0]?.path.join('.') ?? '' },
      { cause: parsed.error },
    )
  }
  const dangling = danglingUiNames(parsed.data.form)[0]
  if (dangling !== undefined) throw new AppError('INPUT_INVALID', { field: `form.ui ${dangling}` })
  return parsed.data
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'))
}
