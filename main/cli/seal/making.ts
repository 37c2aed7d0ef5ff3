import { AppError } from '../../../preload/contract/errors.ts'
import { type PageReader, resolveTargets } from '../../features/sealing/targets.ts'
import { postTimestampQuery } from '../../features/timestamps/post.ts'
import { type SealAppearance, type SealedPdf, type SealTarget, sealPdf, timestampPdf } from '../../pdf/index.ts'
import { openRenderer } from '../../rendering/index.ts'
import { knownTokenLibraries, type OpenSeal, openSealFile, openToken, timestampAuthority } from '../../signing/index.ts'
import { lastPage, type SealOptions } from './arguments.ts'
import { readCertificates, readPin, readRegularFile } from './files.ts'

/** A seal that is open, with everything that its options ask for: seals one PDF after the other. */
export type SealMaker = {
  /**
   * The sealed bytes in parts, with the timestamp where one is wanted. Throws as `sealPdf`, SEAL_PLACE_UNKNOWN,
   * TIMESTAMP_UNREACHABLE, TIMESTAMP_REFUSED; nothing has been written then.
   */
  readonly seal: (pdf: Uint8Array) => Promise<SealedOutput>
  /** Forgets the key and ends what reads pages. */
  readonly close: () => Promise<void>
}

/** A sealed file that is not written yet. */
export type SealedOutput = Pick<SealedPdf, 'parts' | 'place' | 'resaved' | 'sha256'> & { readonly timestamped: boolean }

/** Opens the seal. Throws FILE_NOT_FOUND, SEAL_PIN_WRONG and whatever else opening a seal file or a token throws. */
export async function openSealMaker(options: SealOptions): Promise<SealMaker> {
  const signer = await openKey(options)
  const renderer = openRenderer()
  const roots = await Promise.all(
    (options.timestamps?.roots ?? []).map((path) => readCertificates(path, '--tsa-trust')),
  )
  return {
    async seal(pdf) {
      const sealed = await sealOne(options, signer, renderer, pdf)
      if (options.timestamps === undefined) return { ...partsOf(sealed), timestamped: false }
      const { url } = options.timestamps
      const authority = timestampAuthority({
        post: (request) => postTimestampQuery(url, request, new AbortController().signal),
        trustedRootsPem: roots,
        now: new Date(),
      })
      const { parts, sha256 } = await timestampPdf({ pdf: sealed.pdf, authority })
      return { ...partsOf(sealed), parts, sha256, timestamped: true }
    },
    async close() {
      await signer.close()
      await renderer.close()
    },
  }
}

const partsOf = ({ parts, place, resaved, sha256 }: SealedPdf) => ({ parts, place, resaved, sha256 })

async function openKey({ key, pinFile }: SealOptions): Promise<OpenSeal> {
  const now = new Date()
  const pin = await readPin(pinFile)
  if (key.kind === 'file') return await openSealFile(await readRegularFile(key.p12), pin, now)
  const library = knownTokenLibraries().find(({ id }) => id === key.library)?.path ?? key.library
  const { serial, keyId } = key
  return await openToken({ library, serial, pin, now, ...(keyId === undefined ? {} : { keyId }) })
}

async function sealOne(options: SealOptions, signer: OpenSeal, reader: PageReader, pdf: Uint8Array) {
  const { certify, reason } = options
  const appearance = appearanceOf(options, signer)
  return await sealPdf({
    ...{ pdf, signer, appearance, now: new Date() },
    target: await targetOf(options, reader, pdf),
    ...(certify === undefined ? {} : { certify: { slots: certify } }),
    ...(reason === undefined ? {} : { reason }),
  })
}

function appearanceOf(options: SealOptions, signer: OpenSeal): SealAppearance {
  const { purposeLine, diameterMm, code, emblem } = options
  const organisation = options.organisation ?? signer.certificate.organisation
  return { organisation, purposeLine, diameterMm, emblem, ...(code === undefined ? {} : { code }) }
}

async function targetOf({ place, diameterMm }: SealOptions, reader: PageReader, pdf: Uint8Array): Promise<SealTarget> {
  if (place.kind === 'corner') return { kind: 'page', ...(place.page === undefined ? {} : { page: place.page }) }
  if (place.kind === 'page' && place.page === lastPage) {
    const { xMm, yMm } = place
    return { kind: 'page', xMm, yMm }
  }
  const [target] = await resolveTargets(reader, { kind: 'own', pdf, diameterMm }, [place])
  if (target === undefined) throw new AppError('SEAL_PLACE_UNKNOWN')
  return target
}
