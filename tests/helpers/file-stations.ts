import { createHash, randomBytes } from 'node:crypto'
import { signerOf, signRequest } from '../../main/wire/signatures.ts'
import type { StoredFile } from '../../preload/contract/entries.ts'
import { receivedCase, type TestStation } from './centre.ts'

/** A file that nobody has: random bytes under their SHA-256. */
export type SampleFile = { readonly bytes: Buffer; readonly file: StoredFile }

/** Makes a file of so many random bytes. */
export function sampleFile(sizeBytes: number, name = '照片.jpg'): SampleFile {
  const bytes = randomBytes(sizeBytes)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return { bytes, file: { sha256, name, mediaType: 'image/jpeg', sizeBytes } }
}

/** Lets a station in memory receive a case with these files, and sends its entries to the centre. */
export async function receiveWithFiles(
  station: TestStation,
  url: string,
  number: string,
  files: readonly StoredFile[],
): Promise<string> {
  const caseId = crypto.randomUUID()
  const materials = files.map((file) => ({
    ...{ materialId: crypto.randomUUID(), requirementId: 'photo', file },
    addedAtUtc: '2026-03-02T01:02:03.004Z',
  }))
  station.append({ kind: 'case.received', subject: caseId, payload: { ...receivedCase(caseId, number), materials } })
  await sendEntries(station, url)
  return caseId
}

/** Sends all entries of a station in memory. */
export async function sendEntries(station: TestStation, url: string): Promise<void> {
  const client = station.client(url)
  await client.push(station.batch())
  client.close()
}

/** One signed request of the tus protocol, as a station makes it; the path is below the station's own. */
export async function tusRequest(
  station: TestStation,
  url: string,
  method: string,
  path: string,
  options: { readonly headers?: Record<string, string>; readonly body?: Buffer } = {},
): Promise<Response> {
  const target = `/v1/stations/${station.id}/files${path}`
  const signer = { keyId: station.id, sign: signerOf(station.keys.privateKey) }
  const createdSeconds = Math.floor(Date.now() / 1000)
  const signed = signRequest({ method, path: target }, { ...signer, createdSeconds })
  const { headers, body } = options
  const type = body === undefined ? {} : { 'content-type': 'application/offset+octet-stream' }
  return fetch(url + target, {
    method,
    headers: { 'tus-resumable': '1.0.0', ...type, ...headers, ...signed },
    ...(body !== undefined && { body: new Uint8Array(body) }),
  })
}

/** Begins an upload of a file that an entry names. */
export function beginUpload(station: TestStation, url: string, file: Pick<StoredFile, 'sha256' | 'sizeBytes'>) {
  const { sha256, sizeBytes } = file
  return tusRequest(station, url, 'POST', `?sha256=${sha256}&size=${sizeBytes}&class=original`, {
    headers: { 'upload-length': String(sizeBytes) },
  })
}

/** Sends bytes of an upload from an offset on. */
export function patchUpload(station: TestStation, url: string, sha256: string, offset: number, body: Buffer) {
  return tusRequest(station, url, 'PATCH', `/${sha256}`, { headers: { 'upload-offset': String(offset) }, body })
}
