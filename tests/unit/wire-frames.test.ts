import { deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sha256Hex } from '../../main/wire/canonical.ts'
import { dictionary2 } from '../../main/wire/packing/dictionary-2.ts'
import { FrameEncoder, frameLimits } from '../../main/wire/packing/frame-codec.ts'
import { derivePush } from '../../main/wire/packing/push-codec.ts'
import { inventLedger } from '../bench/wire-cases.ts'
import { TestStation } from '../helpers/centre.ts'
import { builtBatch, framesOf, pieces, receiveFrames } from '../helpers/frames.ts'

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }).map((one) => one.replace(/\p{Cs}/gu, '')),
  fc.constantFrom(
    '',
    '\u0001',
    '\n',

    '测试\u0000',
    '__proto__',
    '2026-03-02T01:02:03.004Z',
    '2026-03-02T01:02:05.000Z',
  ),
  fc.uuid(),
  fc.stringMatching(/^[0-9a-f]{64}$/),
  fc.stringMatching(/^[0-9a-f]{32}$/),
  fc.stringMatching(/^[A-Za-z0-9+/]{86}==$/),
  fc.constantFrom('a'.repeat(64), 'b'.repeat(64)),
)
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    text,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(text, fc.constantFrom('caseId', 'file', 'name', 'sha256')), tie('value'), { maxKeys: 5 }),
  ),
})).value
const drafts = fc.array(
  fc.record({
    subject: fc.oneof(fc.constantFrom('case-a', 'station', '019a1b2c-0000-7000-8000-000000000001'), fc.uuid()),
    kind: fc.constantFrom('note.written', 'case.received', 'document.made', 'document.sealed'),
    version: fc.constantFrom(1, 2),
    actor: fc.constantFrom('clerk', 'system', '张三'),
    at: fc
      .date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') })
      .map((date) => date.toISOString()),
    payload: json,
  }),
  { minLength: 1, maxLength: 12 },
)

test('any entries with any payloads come out the same, in frames of any size', async () => {
  await fc.assert(
    fc.asyncProperty(drafts, fc.integer({ min: 1, max: 5 }), async (written, perFrame) => {
      const sender = new TestStation('440282104208-1')
      for (const draft of written) sender.append(draft)
      const bytes = Buffer.concat(await framesOf(sender, 1, perFrame))
      const { entries, reason } = await receiveFrames(sender, pieces(bytes))
      expect(reason).toBeUndefined()
      expect(entries.map(({ hash }) => hash)).toEqual(sender.entries.map(({ hash }) => hash))
    }),
    { numRuns: 300 },
  )
})

/** A station with so many cases, each with its receipt made and sealed. */
function stationWithCases(count: number): TestStation {
  const station = new TestStation('440282104208-1')
  for (const { kind, version, subject, at, payload } of inventLedger(count).entries) {
    // The receipt quotes the hash that its case has in this ledger.
    const quoted = station.entries.findLast((entry) => entry.subject === subject && entry.kind === 'case.received')
    const quotes = kind === 'document.made' ? { quotesSeq: quoted?.seq, quotesHash: quoted?.hash } : {}
    station.append({ kind, version, subject, at, payload: { ...(payload as object), ...quotes } })
  }
  return station
}

test('a request cut at any byte gives every frame that was whole, and never half of one', async () => {
  const sender = stationWithCases(3)
  const parts = await framesOf(sender, 1, 2)
  const bytes = Buffer.concat(parts)
  const ends = parts.map((_, index) => Buffer.concat(parts.slice(0, index + 1)).byteLength)
  for (let cut = 0; cut <= bytes.byteLength; cut++) {
    const { entries, reason } = await receiveFrames(sender, pieces(bytes.subarray(0, cut), 4096))
    const whole = Math.max(0, ends.filter((end) => end <= cut).length - 1)
    expect(entries.map(({ hash }) => hash)).toEqual(sender.entries.slice(0, 2 * whole).map(({ hash }) => hash))
    expect(reason).toBe(ends.includes(cut) ? undefined : 'truncated')
  }
})

test('one changed byte never changes an entry unseen', async () => {
  const sender = stationWithCases(2)
  const bytes = Buffer.concat(await framesOf(sender, 1, 3))
  const ours = new Set(sender.entries.map(({ hash }) => hash))
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (place, difference) => {
      const changed = Buffer.from(bytes)
      changed[place] = (changed[place] ?? 0) ^ difference
      const { entries, batches } = await receiveFrames(sender, pieces(changed, 4096))
      // What came out otherwise has another head, which the station has not signed.
      const last = batches.at(-1)
      if (last !== undefined && entries.every(({ hash }) => ours.has(hash)))
        expect(entries).toEqual(sender.entries.slice(0, entries.length))
    }),
    { numRuns: 300 },
  )
})

test('what follows from earlier entries is not on the link, and what only looks so is', async () => {
  const honest = stationWithCases(40)
  const liar = new TestStation('440282104208-1')
  for (const entry of honest.entries) {
    const payload = entry.payload as Record<string, unknown>
    const quotesHash = 'ab'.repeat(31) + entry.seq.toString(16).padStart(2, '0')
    liar.append({ ...entry, payload: entry.kind === 'document.made' ? { ...payload, quotesHash } : payload })
  }
  const [short, long] = [await framesOf(honest, 1, 24), await framesOf(liar, 1, 24)].map((parts) =>
    Buffer.concat(parts),
  )
  if (short === undefined || long === undefined) throw new Error('two requests are needed')
  const received = await receiveFrames(liar, pieces(long))
  expect(received.entries.map(({ payload }) => payload)).toEqual(liar.entries.map(({ payload }) => payload))
  // The hash alone is 32 bytes a case, and nothing shortens it.
  expect(long.byteLength - short.byteLength).toBeGreaterThan(40 * 32)
})

test('a case with twenty answers and its sealed receipt stays far below a kilobyte', async () => {
  const ledger = inventLedger(60)
  const encoder = new FrameEncoder()
  const sizes: number[] = []
  for (let from = 1; from < ledger.entries.length; from += 30)
    sizes.push((await encoder.encode(ledger.batch(from, from + 29))).byteLength)
  expect(Math.max(...sizes.slice(1)) / 10).toBeLessThan(400)
  const alone = (await new FrameEncoder().encode(inventLedger(1).batch(1, 3))).byteLength
  expect(alone).toBeLessThan(1024)
})

const varint = (value: number) => {
  const bytes: number[] = []
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return Buffer.from([...bytes, rest])
    bytes.push((rest & 0x7f) | 0x80)
  }
}
const frame = (text: string | Buffer, raw = Buffer.alloc(96)) => {
  const deflated = deflateRawSync(text, { dictionary: Buffer.from(dictionary2) })
  return Buffer.concat([Buffer.from([2]), varint(deflated.byteLength), varint(raw.byteLength), deflated, raw])
}
const entry = '\fnote.written@1\ncase\nclerk\n!2026-03-02T01:02:03.004Z\n'
const withSecret = Buffer.alloc(112)

test.each<[string, Buffer, string | undefined]>([
  ['a frame as it should be', frame(`1\n1\n${entry}words\n`, withSecret), undefined],
  ['no bytes', Buffer.alloc(0), 'truncated'],
  ['an unknown dictionary', Buffer.from([9, 1, 1]), 'dictionary'],
  ['a length without end', Buffer.from([2, 0xff, 0xff, 0xff, 0xff, 0xff]), 'too-large'],
  [
    'a frame that says it is too large',
    Buffer.concat([Buffer.from([2]), varint(frameLimits.encodedBytes + 1), varint(0)]),
    'too-large',
  ],
  ['a bomb', frame(Buffer.alloc(frameLimits.inflatedBytes + 1, 10)), 'too-large'],
  ['no deflate', Buffer.from([2, 4, 0, 0xff, 0xff, 0xff, 0xff]), 'truncated'],
  ['no UTF-8', frame(Buffer.from([0x31, 0x0a, 0xff, 0xfe])), 'shape'],
  ['an empty text', frame(''), 'shape'],
  ['entries without end', frame(`1\n${(1001).toString(36)}\n`), 'shape'],
  ['no entry', frame('1\n0\n'), 'shape'],
  ['less raw bytes than the text wants', frame(`1\n1\n${entry}words\n`, Buffer.alloc(100)), 'shape'],
  ['more raw bytes than the text wants', frame(`1\n1\n${entry}words\n`, Buffer.alloc(113)), 'shape'],
  ['text left over', frame(`1\n1\n${entry}words\nmore\n`, withSecret), 'shape'],
  ['a kind in capitals', frame(`1\n1\n${entry.replace('note', 'Note')}words\n`, withSecret), 'shape'],
  ['a version that is none', frame(`1\n1\n${entry.replace('@1', '@01')}words\n`, withSecret), 'shape'],
  [
    'a time that is none',
    frame(`1\n1\n${entry.replace('!2026-03-02T01:02:03.004Z', 'zzzzzzzzzz')}words\n`, withSecret),
    'shape',
  ],
  ['a reference to nothing', frame(`1\n1\n${entry}\u000ez\n`, withSecret), 'shape'],
  ['a derivation of nothing', frame(`1\n1\n${entry}\u0002`, withSecret), 'shape'],
  ['a shape that is not known', frame(`1\n1\n${entry}\f9\n`, withSecret), 'shape'],
  ['an array without end', frame(`1\n1\n${entry}\u000bzzzzzz\n`, withSecret), 'shape'],
  ['a depth without end', frame(`1\n1\n${entry}${'\u000b1\n'.repeat(50_000)}`, withSecret), 'shape'],
  [
    'JSON of a depth without end',
    frame(`1\n1\n${entry}\u0013${'['.repeat(50_000)}${']'.repeat(50_000)}\n`, withSecret),
    'shape',
  ],
  ['half a character', frame(`1\n1\n${entry}\u0013"\\ud800"\n`, withSecret), 'shape'],
  ['a number that is none', frame(`1\n1\n${entry}\u00081e999\n`, withSecret), 'shape'],
  [
    'a little text that unfolds to a lot',
    // An object with one long key, then the same shape again and again at two characters each.
    frame(
      `1\n1\n${entry}\u000b${(100_001).toString(36)}\n\r1\n${'k'.repeat(1900)}\nv\n${'\f0\n\u0001'.repeat(100_000)}`,
      withSecret,
    ),
    'too-large',
  ],
])('of a request, %s is told apart', async (_, bytes, expected) => {
  const { reason } = await receiveFrames(new TestStation('440282104208-1'), pieces(bytes, 4096))
  expect(reason).toBe(expected)
})

test('frames that are doubled, left out or of another request come out as nothing that was signed', async () => {
  const sender = stationWithCases(4)
  const [start, first, second, third] = await framesOf(sender, 1, 3)
  const [, foreign] = await framesOf(sender, 4, 3)
  if (!start || !first || !second || !third || !foreign) throw new Error('frames are needed')
  for (const parts of [
    [start, first, first],
    [start, first, third],
    [start, second],
    [start, first, foreign],
  ]) {
    const { entries, reason } = await receiveFrames(sender, pieces(Buffer.concat(parts), 4096))
    expect({ entries: entries.length, reason }).toEqual({
      entries: parts[1] === first ? 3 : 0,
      reason: expect.any(String),
    })
  }
})

test('a key of any name becomes an own property', async () => {
  const sender = new TestStation('440282104208-1')
  sender.append({ payload: JSON.parse('{"__proto__":{"polluted":true},"constructor":1}') })
  const { entries } = await receiveFrames(sender, pieces(Buffer.concat(await framesOf(sender))))
  expect(entries[0]?.hash).toBe(sender.entries[0]?.hash)
  expect(Object.hasOwn(entries[0]?.payload as object, '__proto__')).toBe(true)
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
})

test('the receiver needs the hash of an entry only once it has derived it', async () => {
  const sender = stationWithCases(1)
  const { batches } = await receiveFrames(sender, pieces(Buffer.concat(await framesOf(sender, 1, 3))))
  const [batch] = batches
  if (batch === undefined) throw new Error('a batch is needed')
  // Deriving the same batch again, as a repeated transaction does, changes nothing.
  const again = derivePush(sender.id, batch, (subject) => batch.secrets[subject])
  expect(again.map(({ hash }) => hash)).toEqual(builtBatch(sender, 1, 3).hashes)
})

test('dictionary 2 is what it was: another text must become dictionary 3', () => {
  expect(sha256Hex(dictionary2)).toMatchInlineSnapshot(
    `"c4ae807c857ac9c42b96b231cfa7f5108b0297658f1561204c37aaa92b65e187"`,
  )
})
