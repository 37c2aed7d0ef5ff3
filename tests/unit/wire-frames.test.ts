import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Entry } from '../../main/wire/entry.ts'
import { decodeFrames, FrameEncoder } from '../../main/wire/frame-codec.ts'
import { buildPush, derivePush, type PushBatch } from '../../main/wire/push-codec.ts'
import { signerOf, signHead } from '../../main/wire/signatures.ts'
import { TestStation } from '../helpers/centre.ts'

/** A ledger as one request of frames, cut where the test says. */
async function framesOf(station: TestStation, from = 1, entriesPerFrame = 3): Promise<Buffer[]> {
  const encoder = new FrameEncoder()
  const parts = [encoder.start()]
  const sign = signerOf(station.keys.privateKey)
  for (let first = from; first <= station.entries.length; first += entriesPerFrame) {
    const entries = station.entries.slice(first - 1, first - 1 + entriesPerFrame)
    const built = buildPush({
      ...{ station: station.id, previous: station.headAt(first - 1), entries, secrets: station.secrets },
      sendSecretsOf: new Set(entries.map(({ subject }) => subject)),
      signHead: (head) => signHead(sign, station.id, head),
    })
    parts.push(await encoder.encode(built))
  }
  return parts
}

async function* pieces(bytes: Buffer, size = 7): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size)
}

/** What a receiver derives, frame by frame, and why it stopped. */
async function receive(station: TestStation, source: AsyncIterable<Uint8Array>) {
  const entries: Entry[] = []
  const batches: PushBatch[] = []
  try {
    for await (const batch of decodeFrames(source)) {
      entries.push(...derivePush(station.id, batch, (subject) => batch.secrets[subject]))
      batches.push(batch)
    }
  } catch (error) {
    return { entries, batches, error: error as { details: { reason: string } } }
  }
  return { entries, batches, error: undefined }
}

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }).map((one) => one.toWellFormed()),
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
      const { entries, error } = await receive(sender, pieces(bytes))
      expect(error).toBeUndefined()
      expect(entries.map(({ hash }) => hash)).toEqual(sender.entries.map(({ hash }) => hash))
    }),
    { numRuns: 300 },
  )
})
