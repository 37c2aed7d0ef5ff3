import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { type CatalogueDocument, judgeDocuments } from '../../main/wire/catalogue/documents.ts'
import { assertReferences } from '../../main/wire/catalogue/references.ts'
import { themeDocument } from '../helpers/bad-releases.ts'
import { sampleDocuments } from '../helpers/catalogues.ts'

const pairs = (documents: readonly CatalogueDocument[]) => documents.map((one) => [one, one.bytes] as const)
const matter = sampleDocuments(1).find(({ kind }) => kind === 'matter') as CatalogueDocument
const twelve = Array.from({ length: 12 }, (_, at) => at)

test('a catalogue of themes that all name the same themes is looked through once, not once a way', async () => {
  const templates = sampleDocuments(1).filter(({ kind }) => kind === 'template')
  const documents = [
    ...[matter, ...templates],
    ...twelve.map((at) =>
      themeDocument(
        `A${at}`,
        twelve.map(() => ({ kind: 'matter', id: matter.id })),
      ),
    ),
    ...twelve.map((at) =>
      themeDocument(
        `B${at}`,
        twelve.map((inner) => ({ kind: 'theme', id: `A${inner}` })),
      ),
    ),
    ...Array.from({ length: 1500 }, (_, at) =>
      themeDocument(
        `C${at}`,
        twelve.map((inner) => ({ kind: 'theme', id: `B${inner}` })),
      ),
    ),
  ]
  const begun = process.cpuUsage()
  await assertReferences(pairs(documents))
  const { user, system } = process.cpuUsage(begun)
  expect((user + system) / 1000).toBeLessThan(400)
})

test('judging many documents lets other work have its turn', async () => {
  const documents = sampleDocuments(300)
  let turns = 0
  let isDone = false
  const others = (async () => {
    while (!isDone) {
      await setImmediate()
      turns += 1
    }
  })()
  await judgeDocuments(documents)
  isDone = true
  await others
  expect(turns).toBeGreaterThan(3)
})
