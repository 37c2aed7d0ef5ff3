import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type EntryDraft, emptyHead, entryHash, payloadDigest, sealEntry } from '../../main/wire/entry.ts'

const station = '440282104208-1'
const secret = '000102030405060708090a0b0c0d0e0f'
const draft: EntryDraft = {
  kind: 'case.received',
  version: 1,
  subject: '0195a3b0-0000-7000-8000-000000000001',
  actor: '演练员',
  at: '2025-03-03T01:00:00.000Z',
  payload: { b: [1, 2.5, null], a: '高龄津贴', é: true },
}

test('an entry has the same bytes for ever', () => {
  const entry = sealEntry(station, emptyHead, secret, draft)
  expect([entry.payloadDigest, entry.hash]).toEqual([
    'c41e101582dc10698e6c3f2ff09cc9c680482922adb564e6b010f4677ae18ed8',
    '59c5269d68bfa350e51c76a5c089532d1913b3e74e352dbb5344830fda690133',
  ])
})

test('the order of keys in a payload does not matter, its values do', () => {
  const reordered = { ...draft, payload: { é: true, a: '高龄津贴', b: [1, 2.5, null] } }
  const changed = { ...draft, payload: { b: [1, 2.5, null], a: '高龄津贴', é: false } }
  const hashOf = (one: EntryDraft) => sealEntry(station, emptyHead, secret, one).hash
  expect(hashOf(reordered)).toBe(hashOf(draft))
  expect(hashOf(changed)).not.toBe(hashOf(draft))
})

test('a change of any fact changes the hash, and the payload enters by its digest alone', () => {
  const { payload: _payload, hash, ...facts } = sealEntry(station, emptyHead, secret, draft)
  const changes = fc.constantFrom(
    ...(['station', 'kind', 'subject', 'actor', 'at', 'payloadDigest', 'prev'] as const).map((name) => ({
      ...facts,
      [name]: `${facts[name]}x`,
    })),
    { ...facts, seq: facts.seq + 1 },
    { ...facts, version: facts.version + 1 },
  )
  expect(entryHash(facts)).toBe(hash)
  fc.assert(fc.property(changes, (changed) => entryHash(changed) !== hash))
})

test('equal payloads of two subjects, places or stations have unlike digests', () => {
  const digests = [
    payloadDigest(secret, station, 1, {}),
    payloadDigest('ff'.repeat(16), station, 1, {}),
    payloadDigest(secret, station, 2, {}),
    payloadDigest(secret, '440282104208-2', 1, {}),
  ]
  expect(new Set(digests).size).toBe(4)
})
