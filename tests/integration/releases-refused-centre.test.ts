import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { migrate } from '../../central/migrations/index.ts'
import { registerPublisher } from '../../central/standards/publishers.ts'
import { publishRelease } from '../../central/standards/releases.ts'
import { runCli } from '../../main/cli/index.ts'
import type { CatalogueDocument } from '../../main/wire/catalogue/documents.ts'
import { packMediaType } from '../../main/wire/catalogue/pack.ts'
import { makeKeyPair } from '../../main/wire/signatures.ts'
import { badReleases } from '../helpers/bad-releases.ts'
import { changed, packOf, releaseAfter, sampleDocuments, withChanged } from '../helpers/catalogues.ts'
import { enrolledStation } from '../helpers/centre.ts'
import { type CentreInUse, describeOnEachDatabase } from '../helpers/centre-databases.ts'
import { everyCentreRow } from '../helpers/every-row.ts'
import { temporaryFolder } from '../helpers/store.ts'

const [keys, stranger] = [makeKeyPair(), makeKeyPair()]
const documents = sampleDocuments(4)
const matter = documents.find(({ kind }) => kind === 'matter') as CatalogueDocument
const at = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString()
const timed = { madeAtUtc: at(-1), effectiveAtUtc: at(0) }
const first = releaseAfter(null, documents, keys, timed)
const bad = badReleases(first, keys, stranger).filter(({ notBy }) => !notBy?.includes('centre'))

describeOnEachDatabase(
  'a release that nobody may take is refused by the centre, which keeps nothing of it',
  migrate,
  (centre: CentreInUse) => {
    beforeAll(async () => {
      await enrolledStation(centre.database, centre.url, '440282104208-1')
      const order = { publicKey: keys.publicKey, county: '440282', name: '县政数局', ifNone: false }
      await registerPublisher(centre.database, order, new Date())
      await publishRelease(centre.database, await packOf(first), new Date())
    })

    it.each(bad)('$what', async ({ says, make }) => {
      const before = await everyCentreRow(centre.database)
      const { pack } = await make(2)
      const failure = await publishRelease(centre.database, pack, new Date()).catch((error) => error)
      expect([failure.error, failure.message]).toEqual(['release_refused', expect.stringMatching(says)])
      expect(await everyCentreRow(centre.database)).toEqual(before)
    })

    it('over HTTP and by the command line in the same words', async () => {
      using folder = temporaryFolder()
      const before = await everyCentreRow(centre.database)
      const { make, says } = bad.find(({ what }) => what.endsWith('in a circle')) as (typeof bad)[number]
      const { pack } = await make(2)
      const reply = await fetch(`${centre.url}/v1/releases`, {
        ...{ method: 'POST', headers: { 'content-type': packMediaType }, body: new Uint8Array(pack) },
      })
      expect([reply.status, await reply.text()]).toEqual([422, expect.stringMatching(says)])
      const file = join(folder.path, 'foreign.cunrelease')
      writeFileSync(file, await packOf(releaseAfter(first, documents, stranger, timed)))
      const lines: string[] = []
      const io = { stdout: () => undefined, stderr: (line: string) => void lines.push(line) }
      expect(await runCli(['standards', 'publish', file, '--centre', centre.url], io, {})).toBe(1)
      expect(lines.join('')).toContain('不是这里认的发布人签的')
      expect(await everyCentreRow(centre.database)).toEqual(before)
    })

    it('and the next good one is taken as if nothing had been', async () => {
      const good = releaseAfter(first, withChanged(documents, changed(matter, { name: '好的' })), keys, timed)
      expect(await publishRelease(centre.database, await packOf(good, first), new Date())).toMatchObject({
        ...{ release: 2, stations: 1, before: false },
      })
    })
  },
)
