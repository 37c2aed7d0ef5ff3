// Owns: pushes as villages make them, built before the clock runs, and sending them as fast as the centre takes them.
// Does not own: what is measured with them (centre.ts).
// Start here: `makeLoad`, `sendAll`.
import { Agent, request as httpRequest } from 'node:http'
import { batchMediaType, encodeBatch } from '../../main/wire/packing/push-codec.ts'
import { signerOf, signRequest } from '../../main/wire/signatures.ts'
import { receivedCase, type TestStation } from '../helpers/centre.ts'

/** The entries that one case leaves: received with 20 answers and two materials, its receipt made and sealed, accepted. */
export const entriesPerCase = 4

/** A station with its batches, ready to go out. */
export type Load = { readonly station: TestStation; readonly bodies: readonly Buffer[]; readonly entries: number }

/** An id in the order of time (RFC 9562 version 7), as stations make them. */
function timedId(index: number): string {
  const time = (Date.parse('2026-03-02T01:00:00.000Z') + index * 60_000).toString(16).padStart(12, '0')
  const random = () =>
    Math.floor(Math.random() * 0x1000)
      .toString(16)
      .padStart(3, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random()}-8${random()}-${random()}${random()}${random()}${random()}`
}

const sha256 = (): string =>
  Array.from({ length: 8 }, () => Math.random().toString(16).slice(2, 10).padEnd(8, '0')).join('')

function addCase(station: TestStation, index: number): void {
  const caseId = timedId(index)
  const localNumber = `${station.id}-20260302-${String(index + 1).padStart(6, '0')}`
  const file = (name: string) => ({ sha256: sha256(), name, mediaType: 'image/jpeg' as const, sizeBytes: 2_400_000 })
  const material = (requirementId: string) => {
    return {
      materialId: timedId(index),
      requirementId,
      file: file(`${requirementId}.jpg`),
      addedAtUtc: '2026-03-02T01:02:03.004Z',
    }
  }
  const more = Object.fromEntries(
    Array.from({ length: 15 }, (_, answer) => [`question${answer}`, `第${answer}题的回答 ${index}`]),
  )
  const received = receivedCase(caseId, localNumber)
  const payload = {
    ...received,
    answers: { ...received.answers, ...more },
    materials: [material('idCard'), material('bankCard')],
  }
  const paper = { documentId: timedId(index), caseId, file: { ...file('收件凭证.pdf'), mediaType: 'application/pdf' } }
  const quoted = station.append({ kind: 'case.received', subject: caseId, payload })
  const quotes = { quotesSeq: quoted.seq, quotesHash: quoted.hash, unprintable: [] }
  station.append({ kind: 'document.made', subject: caseId, payload: { ...paper, kind: 'receipt', ...quotes } })
  const seal = {
    sealId: 'village',
    sealName: '收件专用章',
    certificateSha256: 'c'.repeat(64),
    leaseId: 'lease-1',
    approvedBy: '',
  }
  const place = { title: '收件凭证', before: sha256(), form: 'page', places: [], reason: '收件' }
  station.append({
    kind: 'document.sealed',
    version: 2,
    subject: caseId,
    payload: { ...paper, kind: 'receipt', ...seal, ...place },
  })
  station.append({ kind: 'case.accepted', subject: caseId, payload: { caseId, by: 'station' } })
}

/** Adds cases to a station and cuts them into batches of so many. */
export async function makeLoad(station: TestStation, cases: number, casesPerBatch: number): Promise<Load> {
  const before = station.entries.length
  for (let index = 0; index < cases; index += 1) addCase(station, before / entriesPerCase + index)
  const perBatch = casesPerBatch * entriesPerCase
  const bodies: Buffer[] = []
  for (let from = before + 1; from <= station.entries.length; from += perBatch)
    bodies.push(await encodeBatch(station.batch(from, Math.min(from + perBatch - 1, station.entries.length))))
  return { station, bodies, entries: station.entries.length - before }
}

/** Sends every station's batches in their order, all stations at once. Gives entries a second. Throws at any answer but 200. */
export async function sendAll(url: string, loads: readonly Load[]): Promise<number> {
  const agent = new Agent({ keepAlive: true })
  const began = performance.now()
  await Promise.all(
    loads.map(async ({ station, bodies }) => {
      for (const body of bodies) await post(agent, url, station, body)
    }),
  )
  const seconds = (performance.now() - began) / 1000
  agent.destroy()
  return loads.reduce((sum, load) => sum + load.entries, 0) / seconds
}

function post(agent: Agent, url: string, station: TestStation, body: Buffer): Promise<void> {
  const path = `/v1/stations/${station.id}/entries`
  const signer = {
    keyId: station.id,
    sign: signerOf(station.keys.privateKey),
    createdSeconds: Math.floor(Date.now() / 1000),
  }
  const headers = {
    'content-type': batchMediaType,
    'content-length': body.byteLength,
    ...signRequest({ method: 'POST', path, body }, signer),
  }
  return new Promise((resolve, reject) => {
    const sending = httpRequest(url + path, { method: 'POST', agent, headers }, (reply) => {
      let text = ''
      reply.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
      reply.once('end', () => (reply.statusCode === 200 ? resolve() : reject(new Error(`${reply.statusCode} ${text}`))))
    })
    sending.once('error', reject)
    sending.end(body)
  })
}
