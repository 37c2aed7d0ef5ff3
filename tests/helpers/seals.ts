// Owns: seals and sealed files for tests: one training seal a test process, the fixture PDFs by name.
// Does not own: judging them (judges/judges.ts).
// Start here: trainingSigner.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type SealAppearance, type SealedPdf, type SealPlace, sealPdf } from '../../main/pdf/index.ts'
import { makeTrainingSeal, type OpenSeal, openSealFile, type TrainingSeal } from '../../main/signing/index.ts'

/** The clock of the seal tests: within every training certificate's validity on the day that it is made. */
export const now = new Date()

/** A village that does not exist, so that no real seal is drawn. */
export const organisation = '南雄市演练镇演练村村民委员会'

/** The training seal's PIN: with a letter beyond ASCII, as people choose them. */
export const pin = '演练-2468'

/** A seal as villages have them. */
export const appearance: SealAppearance = { organisation, purposeLine: '便民服务专用章', diameterMm: 42 }

const fixtures = join(import.meta.dirname, '../fixtures/pdf')

/** The bytes of a fixture. */
export const fixture = (name: string): Buffer => readFileSync(join(fixtures, name))

/** The names of the fixtures that can be sealed as they are. */
export const soundFixtures: readonly string[] = readdirSync(fixtures).filter((name) => /^(?!bad-).*\.pdf$/.test(name))

let made: Promise<{ seal: TrainingSeal; signer: OpenSeal }> | undefined

/** The training seal of this test process, opened. */
export function trainingSigner(): Promise<{ seal: TrainingSeal; signer: OpenSeal }> {
  made ??= makeTrainingSeal({ organisation, pin, now }).then(async (seal) => ({
    seal,
    signer: await openSealFile(seal.p12, pin, now),
  }))
  return made
}

/** The PDF with the training seal on it. */
export async function sealed(pdf: Uint8Array, place: Partial<SealPlace> = {}): Promise<SealedPdf> {
  const { signer } = await trainingSigner()
  return sealPdf({ pdf, signer, appearance, target: { kind: 'page', ...place }, now })
}
