import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sha256Hex } from '../../main/wire/canonical.ts'
import { dictionary1 } from '../../main/wire/packing/dictionary-1.ts'
import { batchLimits, buildPush, decodeBatch, derivePush, encodeBatch } from '../../main/wire/packing/push-codec.ts'
import { signerOf, signHead } from '../../main/wire/signatures.ts'
import { pushRequestSchema } from '../../preload/contract/wire.ts'
import { TestStation } from '../helpers/centre.ts'

const station = () => new TestStation('440282104208-1')
const drafts = fc.array(
  fc.record({
    subject: fc.constantFrom('case-a', 'case-b', 'station'),
    kind: fc.constantFrom('note.written', 'case.received'),
    payload: fc.jsonValue(),
  }),
  { minLength: 1, maxLength: 12 },
)

test('any stretch of any ledger comes out the same at the other end', async () => {
  await fc.assert(
    fc.asyncProperty(drafts, fc.nat(), async (written, cut) => {
      const sender = station()
      for (const draft of written) sender.append(draft)
      const from = 1 + (cut % written.length)
      const request = await decodeBatch(await encodeBatch(sender.batch(from)))
      const derived = derivePush(sender.id, request, (subject) => request.secrets[subject])
      expect(derived.map(({ hash }) => hash)).toEqual(sender.entries.slice(from - 1).map(({ hash }) => hash))
    }),
    { numRuns: 100 },
  )
})

test('one changed byte never changes an entry unseen', async () => {
  const sender = station()
  for (let index = 0; index < 3; index++) sender.receive(`一字之差-${index}`)
  const bytes = await encodeBatch(sender.batch())
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (place, difference) => {
      const changed = Buffer.from(bytes)
      changed[place] = (changed[place] ?? 0) ^ difference
      const derived = await decodeBatch(changed)
        .then((request) => derivePush(sender.id, request, (subject) => request.secrets[subject]))
        .catch(() => [])
      // Same head, same entries: what else may differ (the signature, a bit of padding) is the centre's to check.
      if (derived.at(-1)?.hash === sender.head.hash) expect(derived).toEqual(sender.entries)
    }),
    { numRuns: 200 },
  )
})

test('a ledger that does not verify is not sent', () => {
  const sender = station()
  sender.append()
  sender.append()
  const [first, second] = sender.entries
  if (first === undefined || second === undefined) throw new Error('two entries are needed')
  sender.entries[1] = { ...second, payload: { text: '改过' } }
  expect(() => sender.batch()).toThrow(expect.objectContaining({ code: 'LEDGER_BROKEN', details: { seq: 2 } }))
})

test('secrets of subjects that the centre knows stay at home', () => {
  const sender = station()
  for (const subject of ['case-a', 'case-b']) sender.append({ subject })
  const { id, entries, secrets } = sender
  const sign = signerOf(sender.keys.privateKey)
  const { request } = buildPush({
    ...{ station: id, previous: sender.headAt(0), entries, secrets, sendSecretsOf: new Set(['case-b']) },
    signHead: (head) => signHead(sign, id, head),
  })
  expect(Object.keys(request.secrets)).toEqual(['case-b'])
})

test('a batch that inflates without end stops at its limit', async () => {
  const { deflateRawSync } = await import('node:zlib')
  const bomb = deflateRawSync(Buffer.alloc(batchLimits.inflatedBytes * 4), { dictionary: Buffer.from(dictionary1) })
  const outcome = await decodeBatch(Buffer.concat([Buffer.from([1]), bomb])).catch(({ details }) => details)
  expect(outcome).toEqual({ reason: 'too-large' })
})

test('half a character, which no hash is defined over, is refused; a whole one in two escapes is not', async () => {
  const { deflateRawSync } = await import('node:zlib')
  const sender = station()
  sender.append({ payload: { text: 'HERE' } })
  const encoded = (text: string) => {
    const json = JSON.stringify(sender.batch()).replace('HERE', text)
    return Buffer.concat([Buffer.from([1]), deflateRawSync(json, { dictionary: Buffer.from(dictionary1) })])
  }
  const half = await decodeBatch(encoded('\\ud842')).catch(({ details }) => details)
  const whole = await decodeBatch(encoded('\\ud842\\udfb7'))
  expect([half, whole.entries[0]?.[5]]).toEqual([{ reason: 'shape' }, { text: '𠮷' }])
})

test('a case of the usual size costs less than a kilobyte on the link', async () => {
  const sender = station()
  for (let index = 0; index < 20; index++) sender.receive(`440282-1-2026-${index}`)
  const bytes = await encodeBatch(sender.batch())
  expect(bytes.length / 20).toBeLessThan(1024)
})

test('dictionary 1 is what it was: another text must become dictionary 2', () => {
  expect(sha256Hex(dictionary1)).toMatchInlineSnapshot(
    `"9314519a87e638d900e8fd5ae1a5eaa8bdf06cfb70537c441a6eb57868c1e055"`,
  )
})

test('the shape refuses control characters, kinds in capitals and entries without end', () => {
  const sender = station()
  sender.append()
  const good = sender.batch()
  const [entry] = good.entries
  if (entry === undefined) throw new Error('an entry is needed')
  const [kind, version, subject, actor, at, payload] = entry
  const variants = {
    good: entry,
    kind: ['Note', version, subject, actor, at, payload],
    subject: [kind, version, 'a\u0000b', actor, at, payload],
    time: [kind, version, subject, actor, '2026-03-02 01:02', payload],
  }
  const accepted = Object.entries(variants).filter(
    ([, one]) => pushRequestSchema.safeParse({ ...good, entries: [one] }).success,
  )
  const endless = pushRequestSchema.safeParse({ ...good, entries: Array.from({ length: 1001 }, () => entry) })
  expect([accepted.map(([name]) => name), endless.success]).toEqual([['good'], false])
})
