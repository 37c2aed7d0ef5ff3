// Owns: seals as another program writes them, put on a PDF object by object.
// Does not own: updates and objects by hand (tampering.ts), seals of ours (seals.ts).
// Start here: sealedByHand.
import { PdfFile } from '../../main/pdf/index.ts'
import { now, trainingSigner } from './seals.ts'
import { formStream, numbers, replaced, type SealByHand, withSealByHand } from './tampering.ts'

/** A CMS by the training seal over the parts. */
export async function sign(parts: readonly Uint8Array[]): Promise<Uint8Array> {
  const { signer } = await trainingSigner()
  return signer.signDetached(parts, now)
}

/** How a foreign program's seal looks and stands. */
export type ByHand = SealByHand & {
  readonly rect?: string
  readonly look?: string
  readonly widget?: string
  readonly extra?: Readonly<Record<number, string>>
}

/** An object's text with one more reference at the end of an array. */
export const appended = (pdf: Uint8Array, number: number, key: string, ref: number): string =>
  replaced(pdf, number, new RegExp(`(/${key} \\[[^\\]]*)\\]`), `$1${ref} 0 R ]`)

/** A seal as another program writes it: a field in the form, a widget on page 1, an appearance. */
export async function sealedByHand(pdf: Uint8Array, given: ByHand = {}): Promise<Buffer> {
  const field = PdfFile.open(pdf).size
  const { rect = '[ 60 650 160 720 ]', look = formStream('1 0 0 RG 5 5 90 90 re S'), widget = '', extra = {} } = given
  const dictionary = `<< /Type /Annot /Subtype /Widget /FT /Sig /T (Foreign) /V ${field + 1} 0 R /Rect ${rect} /F 132 /P 3 0 R /AP << /N ${field + 2} 0 R >> ${widget} >>`
  const changed = {
    [numbers.firstPage]: appended(pdf, numbers.firstPage, 'Annots', field),
    [numbers.form]: appended(pdf, numbers.form, 'Fields', field),
    [field]: dictionary,
    [field + 2]: look,
    ...extra,
  }
  return withSealByHand(pdf, field + 1, changed, { ...given, sign })
}
