import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import type { SealFace } from '../../preload/contract/seals.ts'
import { judgeSeals, missingForJudges, refusals } from '../helpers/judges/judges.ts'
import { openDeskFor } from '../helpers/open-desk.ts'
import { finished, paperBytes, putPaper, sealingRequest, unlockSeal, wholeRegister } from '../helpers/papers.ts'
import { fixture } from '../helpers/seals.ts'

const open = openDeskFor('all tests')
let village = ''
let town = ''

beforeAll(async () => {
  village = await unlockSeal(open)
  const face: SealFace = {
    ...{
      name: '演练镇章',
      organisation: '演练镇人民政府',
      purposeLine: '',
      code: '',
      diameterMm: 42,
      emblem: 'national',
    },
  }
  town = (await open.desk.ask('seals.makeTraining', { face, algorithm: 'ec', pin: '246810' }, open.sessionId)).sealId
  await open.desk.ask('seals.unlock', { pin: '246810', sealId: town }, open.sessionId)
})

const bring = async (name: string, bytes = fixture('pdf-lib-table.pdf')) =>
  (await putPaper(open, name, bytes)).documentId

const sealedOnce = async (...request: Parameters<typeof sealingRequest>) => {
  const { job, items } = await finished(open, sealingRequest(...request))
  expect(items.map(({ why }) => why)).toEqual([''])
  expect(job).toMatchObject({ state: 'done', failed: 0 })
}

const register = async () => (await open.desk.ask('seals.register', wholeRegister, open.sessionId)).impressions

it('seals on a page, over the edges, into a slot that a certifying seal laid, and every judge takes all of them', async (context) => {
  const [page, seam, slot, both] = [
    await bring('页.pdf'),
    await bring('骑缝.pdf'),
    await bring('栏.pdf'),
    await bring('两枚.pdf'),
  ]
  await sealedOnce(village, [page], { placements: [{ kind: 'page', page: 2, xMm: 30, yMm: 40 }] })
  await sealedOnce(village, [seam], { placements: [{ kind: 'seam', side: 'right', yMm: null }] })
  const slots = [{ page: 1, xMm: 30, yMm: 200, sizeMm: 42, name: '镇政府' }]
  await sealedOnce(village, [slot], { certify: { slots } })
  const places = await open.desk.ask('sealing.places', { documentId: slot }, open.sessionId)
  expect(places).toMatchObject({ certified: true, sealed: true, slots: [{ page: 1, xMm: expect.closeTo(30, 1) }] })
  await sealedOnce(town, [slot], { placements: [{ kind: 'slot', field: places.slots[0]?.field ?? '' }] })
  const two = [
    { kind: 'seam', side: 'left', yMm: 100 } as const,
    { kind: 'page', page: 1, xMm: 100, yMm: 100 } as const,
  ]
  await sealedOnce(town, [both], { placements: two })

  const forms = (await register())
    .toReversed()
    .map(({ form, places: on, title }) => [title, form, on.map(({ page: p }) => p)])
  expect(forms).toEqual([
    ['页', 'page', [2]],
    ['骑缝', 'seam', [1, 2]],
    ['栏', 'certification', [1]],
    ['栏', 'slot', [1]],
    ['两枚', 'seam', [1, 2]],
    ['两枚', 'page', [1]],
  ])
  for (const documentId of [page, seam, slot, both]) {
    const { verdict } = await open.desk.ask('verification.ofDocument', { documentId }, open.sessionId)
    expect(verdict.verdict).toBe('valid')
  }
  if (missingForJudges() !== '') return context.skip(missingForJudges())
  const files: string[] = []
  for (const documentId of [page, seam, slot]) {
    const file = join(open.folder, `${documentId}.pdf`)
    writeFileSync(file, await paperBytes(open, documentId))
    files.push(file)
  }
  const roots = readFileSync(join(open.folder, 'training-ca.pem'), 'utf8')
  const rootsPem = roots.match(/-----BEGIN [\s\S]+?-----END CERTIFICATE-----\n/g) ?? []
  expect(refusals(judgeSeals(files, { rootsPem }))).toEqual([])
})

it('finds a text, the date of the 落款, and says where neither is', async () => {
  const documentId = await bring('文字.pdf')
  const text = { documentId, text: 'Sample text' }
  const { boxes } = await open.desk.ask('sealing.findText', text, open.sessionId)
  expect(boxes.map(({ page }) => page)).toEqual([1, 2])
  expect(await open.desk.ask('sealing.places', { documentId }, open.sessionId)).toMatchObject({
    ...{ certified: false, sealed: false, slots: [], date: null },
    pages: [{ widthMm: expect.closeTo(210, 0) }, {}],
  })
  const anchor = { kind: 'anchor', text: 'Sample text', occurrence: 'last', rightMm: 10, downMm: 0 } as const
  const { items } = await finished(open, sealingRequest(village, [documentId], { placements: [{ kind: 'date' }] }))
  expect(items[0]).toMatchObject({ state: 'failed', why: expect.stringContaining('落款日期') })
  await sealedOnce(village, [documentId], { placements: [anchor] })
  const [last] = await register()
  const [box] = last?.places ?? []
  const found = boxes[1]
  const middle = (found?.xMm ?? 0) + (found?.widthMm ?? 0) / 2 + 10
  expect((box?.xMm ?? 0) + (box?.widthMm ?? 0) / 2).toBeCloseTo(middle, 0)
})

it('leaves a paper as it was when one of its placements fails', async () => {
  const documentId = await bring('不成.pdf')
  const before = await paperBytes(open, documentId)
  const placements = [
    { kind: 'page', page: 1, xMm: 20, yMm: 20 } as const,
    { kind: 'slot', field: '没有这一栏' } as const,
  ]
  const { job } = await finished(open, sealingRequest(village, [documentId], { placements }))
  expect(job).toMatchObject({ sealed: 0, failed: 1 })
  expect((await paperBytes(open, documentId)).equals(before)).toBe(true)
})
