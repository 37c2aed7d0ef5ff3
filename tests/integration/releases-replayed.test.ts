import { describe, expect, it, test } from 'vitest'
import { migrate } from '../../central/migrations/index.ts'
import { registerPublisher } from '../../central/standards/publishers.ts'
import { publishRelease } from '../../central/standards/releases.ts'
import type { CatalogueDocument } from '../../main/wire/catalogue/documents.ts'
import { makeKeyPair } from '../../main/wire/signatures.ts'
import { changed, packOf, releaseAfter, sampleDocuments, withChanged } from '../helpers/catalogues.ts'
import { type CentreInUse, describeOnEachDatabase } from '../helpers/centre-databases.ts'
import { startPair } from '../helpers/reconciling.ts'
import { failureOf, temporaryFolder } from '../helpers/store.ts'

const [old, next, stranger] = [makeKeyPair(), makeKeyPair(), makeKeyPair()]
const documents = sampleDocuments(2)
const matter = documents.find(({ kind }) => kind === 'matter') as CatalogueDocument
const times = { madeAtUtc: new Date().toISOString(), effectiveAtUtc: new Date().toISOString() }
const first = releaseAfter(null, documents, old, times)
const handover = releaseAfter(first, documents, old, { ...times, nextPublisherKey: next.publicKey })
const words = (name: string) => withChanged(documents, changed(matter, { name }))
/** What was signed before the key was handed over, and never came here. */
const before = releaseAfter(null, words('换密钥以前的'), old, times)
/** What the old key signs afterwards, a thief's. */
const after = releaseAfter(handover, words('换密钥以后的'), old, times)
const forged = { ...before, signed: { ...before.signed, signature: after.signed.signature } }
const foreign = releaseAfter(null, words('别人的'), stranger, times)

describe('at a station whose publisher has handed over', () => {
  test('a release from before is an old one of ours, and what the old key signs since is a stranger’s', async () => {
    using folder = temporaryFolder()
    const pair = await startPair(folder.path, new Date().toISOString())
    try {
      const { catalogue } = pair.station
      catalogue.pin(old.publicKey)
      await catalogue.take(await packOf(first), 'clerk')
      await catalogue.take(await packOf(handover, first), 'clerk')
      const codes = []
      for (const release of [before, after, forged, foreign]) {
        const { code, details } = await failureOf(async () => catalogue.take(await packOf(release), 'clerk'))
        codes.push([code, details])
      }
      expect(codes).toEqual([
        ['RELEASE_OLD', { release: 1, inForce: 2 }],
        ['RELEASE_FOREIGN_PUBLISHER', {}],
        ['RELEASE_SIGNATURE', {}],
        ['RELEASE_FOREIGN_PUBLISHER', {}],
      ])
    } finally {
      await pair.stop()
    }
  })
})

describeOnEachDatabase('at a centre whose publisher has handed over', migrate, (centre: CentreInUse) => {
  it('a release from before is an old one of ours, and what the old key signs since is a stranger’s', async () => {
    const order = { publicKey: old.publicKey, county: '440282', name: '县政数局', ifNone: false }
    await registerPublisher(centre.database, order, new Date())
    for (const release of [first, handover]) await publishRelease(centre.database, await packOf(release), new Date())
    const said = []
    for (const release of [before, after, forged, foreign])
      said.push(
        await publishRelease(centre.database, await packOf(release), new Date()).catch(({ message }) => message),
      )
    expect(said).toEqual([
      '这是第 1 次发布，中心已经有第 2 次',
      '这次发布不是这里认的发布人签的',
      '这次发布的签名不对：内容与发布人签的不一样',
      '这次发布不是这里认的发布人签的',
    ])
  })
})
