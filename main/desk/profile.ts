import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../preload/contract/errors.ts'
import { roleSchema } from '../../preload/contract/views.ts'
import { stationIdSchema } from '../../preload/contract/wire.ts'
import { writeFileDurably } from '../store/index.ts'

/**
 * What stands on the login screen while the store is still closed: `DATA/station.json`, written when the first start is
 * done. Nothing is decided by it: roles and keys lie in the store.
 */
const profileSchema = z.object({
  format: z.literal(1),
  mode: z.enum(['training', 'live']),
  stationId: stationIdSchema,
  divisionCode: z.string(),
  townName: z.string(),
  villageName: z.string(),
  windowName: z.string(),
  accounts: z.array(z.object({ account: z.string(), displayName: z.string(), role: roleSchema })),
  /** It joined a centre by a code: the one that runs beside a training station on this machine is not its own. */
  elsewhere: z.boolean().optional(),
})

/** The training accounts' PINs, in clear on purpose: training data is nobody's. `DATA/training.json`. */
const trainingSchema = z.object({
  format: z.literal(1),
  account: z.string(),
  pin: z.string(),
  sealPin: z.string(),
  divisionCode: z.string(),
  /** The second person; missing in files of stations that were made before there was one. */
  approver: z.object({ account: z.string(), pin: z.string() }).optional(),
  /** Of the training publisher's key; missing in files from before releases were signed. */
  publisherPin: z.string().optional(),
})

export type Profile = z.infer<typeof profileSchema>
export type TrainingSecrets = z.output<typeof trainingSchema>

const read = <T>(folder: string, name: string, schema: z.ZodType<T>): T | undefined => {
  const file = join(folder, name)
  if (!existsSync(file)) return undefined
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (cause) {
    throw new AppError('STORE_DAMAGED', { reason: name }, { cause })
  }
}

/** The station's profile; undefined before the first start is done. Throws STORE_DAMAGED. */
export function readProfile(folder: string): Profile | undefined {
  return read(folder, 'station.json', profileSchema)
}

/** Writes the profile: the last step of a first start. */
export function writeProfile(folder: string, profile: Profile): void {
  writeFileDurably(join(folder, 'station.json'), Buffer.from(`${JSON.stringify(profile, null, 2)}\n`))
}

/** What the training accounts type; undefined on a live station. Throws STORE_DAMAGED. */
export function readTraining(folder: string): TrainingSecrets | undefined {
  return read(folder, 'training.json', trainingSchema)
}

/** Writes the training accounts' PINs, readable by the user alone. */
export function writeTraining(folder: string, secrets: TrainingSecrets): void {
  writeFileDurably(join(folder, 'training.json'), Buffer.from(`${JSON.stringify(secrets)}\n`))
}
