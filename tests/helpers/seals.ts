// Owns: seals and sealed files for tests: one training seal a test process, the fixture PDFs by name.
// Does not own: judging them (judges/judges.ts).
// Start here: trainingSigner.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type SealAppearance, type SealedPdf, type SealPlace, sealPdf } from '../../main/pdf/index.ts'
import {
  checkPdf,
  makeTrainingSeal,
  type OpenSeal,
  openSealFile,
  type PdfCheck,
  type TrainingSeal,
} from '../../main/signing/index.ts'

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

/** What the builder noted of a fixture (tests/fixtures/pdf/manifest.json). */
export type FixtureFacts = {
  readonly file: string
  readonly maker: string
  readonly special: string
  /** 'as it is', 'written anew' where its cross-references have to be mended first, or the code that refuses it. */
  readonly sealing: string
  /** Slow by its size: no part of `soundFixtures`. */
  readonly heavy: boolean
  readonly pages: number
  /** What qpdf says of the file before it is sealed. */
  readonly qpdf: 'clean' | 'warns' | 'damaged'
}

/** All fixtures, by name. */
export const allFixtures: readonly FixtureFacts[] = JSON.parse(readFileSync(join(fixtures, 'manifest.json'), 'utf8'))

/** The names of the fixtures that can be sealed as they are, the heavy ones left out. */
export const soundFixtures: readonly string[] = allFixtures
  .filter(({ sealing, heavy }) => sealing === 'as it is' && !heavy)
  .map(({ file }) => file)

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

/** The check of a PDF where the training seal's root is all that is trusted; nobody has looked at it yet. */
export async function checkSealed(pdf: Uint8Array): Promise<PdfCheck> {
  const { seal } = await trainingSigner()
  return checkPdf(pdf, { trustedRootsPem: [seal.caPem], now })
}
