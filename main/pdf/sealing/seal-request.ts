import type { SealAppearance } from '../drawing/seal-drawing.ts'
import type { SealPlace } from '../reading/placement.ts'

/** Makes the signature that a PDF holds: a detached CMS over the bytes that it is given. `main/signing` has one. */
export type DetachedSigner = {
  /**
   * The CMS (DER, at most 16 KB) over the parts read one after another. Refuses where the certificate is not valid at
   * `at`, the time by the station's clock. Asynchronous: a token or a person may have to be asked.
   */
  signDetached(parts: readonly Uint8Array[], at: Date): Promise<Uint8Array>
  /** The digest that `signDigest` takes. */
  readonly digestAlgorithm?: 'sha256' | 'sm3'
  /**
   * The same CMS from the digest of the parts. Where it is offered for SHA-256, a file is hashed once for the signature
   * and for `SealedPdf.sha256` together; a 100 MB file seals in half the time. With any other digest `signDetached` is
   * asked.
   */
  signDigest?(digest: Uint8Array, at: Date): Promise<Uint8Array>
}

/** Where a seal goes. */
export type SealTarget =
  /** The upper left corner of the seal's square; the lower right of the last (or of the named) page when not said. */
  | { readonly kind: 'page'; readonly page?: number; readonly xMm?: number; readonly yMm?: number }
  /** An empty signature field, by its full name: the seal fits its rectangle, in its middle. */
  | { readonly kind: 'slot'; readonly field: string }
  /** 骑缝章 over the edges of all pages; `yMm` from the upper edge to the seal's, the middle when not said. */
  | { readonly kind: 'seam'; readonly side?: 'right' | 'left'; readonly yMm?: number }

/** An empty signature field to be laid on a page for a later seal: a square, `sizeMm` the seal's diameter when not said. */
export type SlotRequest = { readonly place: SealPlace; readonly sizeMm?: number; readonly name?: string }

/** What to seal, with what, and where. */
export type SealRequest = {
  readonly pdf: Uint8Array
  readonly signer: DetachedSigner
  readonly appearance: SealAppearance
  /** `{ kind: 'page' }` when nobody says. */
  readonly target?: SealTarget
  /** Certifies (DocMDP P=2: afterwards only these slots can be sealed). The first seal of a file alone may. */
  readonly certify?: { readonly slots: readonly SlotRequest[] }
  /** Fields that this seal locks: all, or those of these full names. */
  readonly lock?: 'all' | readonly string[]
  readonly reason?: string
  readonly location?: string
  /** The station's clock: written as the seal's claimed time (/M), which proves nothing by itself. */
  readonly now: Date
}

/** A file in pieces. */
export type SealedParts = {
  /** To be written one after another: the bytes as they came, then the update. */
  readonly parts: readonly Uint8Array[]
  readonly sizeBytes: number
  /** The parts joined; made when first asked for, a second copy in memory. */
  readonly pdf: Uint8Array
  /** SHA-256 of the whole file, lower-case hexadecimal. */
  readonly sha256: string
}

/** The sealed file. */
export type SealedPdf = SealedParts & {
  /** True where the cross-references were damaged and the file had to be written anew before it was sealed. */
  readonly resaved: boolean
  /** The signature field that was signed. */
  readonly field: string
  /** Where the seal was put; of a seam seal its strip on the first page. */
  readonly place: SealPlace
  /** Every place: a seam seal has one a page. */
  readonly places: readonly SealPlace[]
}

/** Adds the size, and the joined bytes that are made when first asked for. */
export function withJoined<T extends Pick<SealedParts, 'parts' | 'sha256'>>(made: T): T & SealedParts {
  let joined: Uint8Array | undefined
  return {
    ...made,
    sizeBytes: made.parts.reduce((sum, part) => sum + part.length, 0),
    get pdf() {
      joined ??= Buffer.concat(made.parts)
      return joined
    },
  }
}
