import type { SignedManifest } from '../../wire/catalogue/manifest.ts'
import { writePack } from '../../wire/catalogue/pack.ts'
import { bodyOf, type DeskGround, releasesOut } from './ground.ts'

/** A made release whole, as it goes to the centre and on a stick. */
export function wholePack(ground: DeskGround, signed: SignedManifest): Promise<Buffer> {
  return writePack({
    ...{ base: null, release: signed },
    handovers: releasesOut(ground)
      .filter(({ manifest }) => manifest.nextPublisherKey !== undefined && manifest.release < signed.manifest.release)
      .toReversed(),
    documentOf: ({ sha256 }) => bodyOf(ground, sha256),
  })
}
