// Prints the table of bytes per case in docs/wire.md: `node tests/bench/wire-sizes.ts`. Sizes follow from the invented people alone, on every machine.
import { deflateRawSync } from 'node:zlib'
import { between, chanceFrom } from '../../main/cli/seed-people.ts'
import { canonicalBytes } from '../../main/wire/canonical.ts'
import { FrameEncoder, framesMediaType } from '../../main/wire/packing/frame-codec.ts'
import { encodeBatch } from '../../main/wire/packing/push-codec.ts'
import { makeKeyPair, signerOf, signRequest } from '../../main/wire/signatures.ts'
import { inventLedger, type WireCase, type WireLedger } from './wire-cases.ts'

const cases = 500
const entriesPerCase = 3
/** About 4 KiB a frame: what the exchange begins with. */
const casesPerFrame = 15

/** The bytes of a ledger from its second frame on, so as after the first batch, a case. */
async function bytesPerCase(ledger: WireLedger, perFrame = casesPerFrame): Promise<number> {
  const encoder = new FrameEncoder()
  const step = perFrame * entriesPerCase
  let bytes = 0
  let counted = 0
  for (let from = 1; from <= ledger.entries.length; from += step) {
    const batch = ledger.batch(from, from + step - 1)
    const frame = await encoder.encode(batch)
    if (from === 1) continue
    bytes += frame.byteLength
    counted += batch.request.entries.length / entriesPerCase
  }
  return bytes / counted
}

/** What a part costs: all, less what is left where every case says the same there. */
async function partOf(same: (one: WireCase, first: WireCase) => WireCase, whole: number): Promise<number> {
  let first: WireCase | undefined
  const ledger = inventLedger(cases, (one) => {
    first ??= one
    return same(one, first)
  })
  return whole - (await bytesPerCase(ledger))
}

const row = (part: string, bytes: number) => console.log(`| ${part} | ${Math.round(bytes)} |`)

const ledger = inventLedger(cases)
const whole = await bytesPerCase(ledger)
const raw = { caseId: 16, secret: 16, documentId: 16, files: 64, signature: 64 / casesPerFrame }
const answers = await partOf(
  (one, first) => ({ ...one, received: { ...one.received, answers: first.received.answers } }),
  whole,
)
const people = await partOf(
  (one, first) => ({
    ...one,
    received: { ...one.received, answers: first.received.answers, applicant: first.received.applicant },
  }),
  whole,
)
const sizes = await partOf(
  (one, first) => ({
    ...one,
    made: { ...one.made, file: { ...one.made.file, sizeBytes: first.made.file.sizeBytes } },
    sealed: {
      ...one.sealed,
      file: { ...one.sealed.file, sizeBytes: first.sealed.file.sizeBytes },
      places: first.sealed.places,
    },
  }),
  whole,
)
const rawBytes = Object.values(raw).reduce((sum, bytes) => sum + bytes, 0)

console.log(`| Of a case (mean of ${cases}, after the first frame) | bytes |\n|---|---:|`)
row('twenty answers, deflated', answers)
row('applicant: name, number, telephone again', people - answers)
row('sizes of the two files, place of the seal', sizes)
row('numbers, times, all other text of the three entries, frame head', whole - people - sizes - rawBytes)
row('case id, 16 random bytes', raw.caseId)
row("the subject's secret, 16 random bytes", raw.secret)
row('document id, 16 random bytes', raw.documentId)
row('SHA-256 of the receipt before and after its seal', raw.files)
row("the frame's signature, shared by its cases", raw.signature)
row('**all**', whole)

const json = Buffer.from(canonicalBytes(ledger.entries))
const perJson = (bytes: number) => bytes / cases
const batches: Buffer[] = []
for (let from = 1; from <= ledger.entries.length; from += 150)
  batches.push(await encodeBatch(ledger.batch(from, from + 149).request))
const alone = async (from: number, to: number) => {
  const encoder = new FrameEncoder()
  return encoder.start().byteLength + (await encoder.encode(ledger.batch(from, to))).byteLength
}
const path = '/v1/stations/440282104208-1/entries'
const signed = signRequest(
  { method: 'POST', path },
  { keyId: '440282104208-1', sign: signerOf(makeKeyPair().privateKey), createdSeconds: 1_795_000_000 },
)
const headers = {
  accept: 'application/json',
  'content-type': framesMediaType,
  ...signed,
  host: 'centre.example',
  connection: 'keep-alive',
  'transfer-encoding': 'chunked',
}
const headerBytes = Object.entries(headers).reduce(
  (sum, [name, value]) => sum + name.length + value.length + 4,
  `POST ${path} HTTP/1.1\r\n\r\n`.length,
)

console.log('\n| The same cases otherwise | bytes a case |\n|---|---:|')
row('entries as plain JSON', perJson(json.byteLength))
row('the same, deflated at once', perJson(deflateRawSync(json, { level: 9 }).byteLength))
row('format 1, batches of 50 cases', perJson(batches.reduce((sum, batch) => sum + batch.byteLength, 0)))
const chance = chanceFrom('hard')
const drawn = (count: number) =>
  String.fromCharCode(...Array.from({ length: count }, () => between(chance, 0x4e00, 0x61ff)))
const hard = inventLedger(cases, (one) => {
  const answers = { ...one.received.answers, reason: drawn(50), address: drawn(20), remark: drawn(10) }
  return { ...one, received: { ...one.received, answers } }
})
row('format 2 as above, but 80 characters of each case drawn at random from 5,120', await bytesPerCase(hard))
row('format 2, frames of one case each, one request', await bytesPerCase(ledger, 1))
row('format 2, one case alone in a request', await alone(1498, 1500))
row('format 2, a 收件 alone in a request (its receipt follows in another)', await alone(1498, 1498))
console.log(
  `\nA request's HTTP head takes ${headerBytes} bytes more, its answer some 500: once a request, not once a case.`,
)
