// Owns: papers and sealing jobs of a desk under test: bringing papers in, reading what became of them, waiting for a job.
// Does not own: the desk (desk.ts), seals on files without a desk (seals.ts).
// Start here: `putPaper`, `finished`.

import { readOwner, requestOverSocket } from '../../main/wire/local/private-socket.ts'
import type { CallInput } from '../../preload/contract/api.ts'
import type { Result } from '../../preload/contract/errors.ts'
import type { Paper, SealingJob, Verification } from '../../preload/contract/seals.ts'
import { type DeskUnderTest, loginTraining } from './desk.ts'
import { fixture } from './seals.ts'

/** A training desk with somebody logged in. */
export type OpenDesk = { readonly desk: DeskUnderTest; readonly sessionId: string; readonly sealPin: string }

/** Logs the training clerk in. */
export async function openDesk(desk: DeskUnderTest): Promise<OpenDesk> {
  const { sessionId } = await loginTraining(desk)
  const { training } = await desk.ask('station.status', {}, sessionId)
  return { desk, sessionId, sealPin: training?.sealPin ?? '' }
}

/** Opens the newest seal; gives its id. */
export async function unlockSeal({ desk, sessionId, sealPin }: OpenDesk): Promise<string> {
  await desk.ask('seals.unlock', { pin: sealPin }, sessionId)
  const { seals } = await desk.ask('seals.status', {}, sessionId)
  const seal = seals.find(({ unlocked }) => unlocked)
  if (seal === undefined) throw new Error('no seal is open')
  return seal.sealId
}

/** What the desk answers to a file that is put at `papers` or `verifications`. */
export async function putFile<T>(
  { desk, sessionId }: OpenDesk,
  route: 'papers' | 'verifications',
  name: string,
  bytes: Uint8Array,
): Promise<Result<T>> {
  const headers = { 'x-session': sessionId, 'content-length': String(bytes.length) }
  const path = `/bytes/${route}?${new URLSearchParams({ name })}`
  return JSON.parse((await desk.raw('PUT', path, { headers, body: bytes })).text)
}

/** Brings a paper in. */
export async function putPaper(open: OpenDesk, name: string, bytes: Uint8Array): Promise<Paper> {
  const result = await putFile<{ paper: Paper }>(open, 'papers', name, bytes)
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value.paper
}

/** Brings the same small PDF in as so many papers; gives their ids. */
export async function putCopies(open: OpenDesk, count: number): Promise<string[]> {
  const ids: string[] = []
  for (let number = 1; number <= count; number += 1) {
    ids.push((await putPaper(open, `证明 ${number}.pdf`, fixture('pdf-lib-table.pdf'))).documentId)
  }
  return ids
}

/** Asks for the first page of the 用印登记, narrowed by nothing. */
export const wholeRegister: CallInput<'seals.register'> = {
  ...{ query: '', sealId: null, fromDay: null, untilDay: null },
  ...{ offset: 0, limit: 200 },
}

/** Has a file checked. */
export async function putVerification(open: OpenDesk, name: string, bytes: Uint8Array): Promise<Verification> {
  const result = await putFile<{ verification: Verification }>(open, 'verifications', name, bytes)
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value.verification
}

/** What lies at a bytes route. */
export async function getBytes(
  { desk, sessionId }: OpenDesk,
  path: string,
): Promise<{ readonly status: number; readonly type: string; readonly name: string; readonly body: Buffer }> {
  const owner = readOwner(desk.dataFolder)
  if (owner === undefined) throw new Error('no owner')
  const headers = { authorization: `Bearer ${owner.token}`, 'x-session': sessionId }
  const reply = await requestOverSocket({ socketPath: owner.socketPath, method: 'GET', path, headers })
  const parts: Buffer[] = []
  for await (const part of reply.body) parts.push(part)
  const name = decodeURIComponent(String(reply.headers['content-disposition']).split("''")[1] ?? '')
  return { status: reply.status, type: String(reply.headers['content-type']), name, body: Buffer.concat(parts) }
}

/** The newest file of a paper. */
export async function paperBytes(open: OpenDesk, documentId: string): Promise<Buffer> {
  const { status, body } = await getBytes(open, `/bytes/documents/${documentId}.pdf`)
  if (status !== 200) throw new Error(body.toString())
  return body
}

/** A sealing request at the usual place, changed as asked. */
export function sealingRequest(
  sealId: string,
  documentIds: readonly string[],
  changes: Partial<CallInput<'sealing.begin'>> = {},
): CallInput<'sealing.begin'> {
  const placements = [{ kind: 'page', page: 1, xMm: 120, yMm: 200 } as const]
  return {
    sealId,
    documentIds: [...documentIds],
    placements,
    certify: null,
    reason: '测试用印',
    approval: null,
    ...changes,
  }
}

/** The `sealing` events of a job until it does not run any more, the last one last. */
export async function followJob(
  events: Awaited<ReturnType<DeskUnderTest['events']>>,
  jobId: string,
  until: (job: SealingJob) => boolean = ({ state }) => state !== 'running',
): Promise<SealingJob[]> {
  const seen: SealingJob[] = []
  for (;;) {
    const message = await events.next('sealing')
    if (message.event !== 'sealing' || message.payload.jobId !== jobId) continue
    seen.push(message.payload)
    if (until(message.payload)) return seen
    if (message.payload.state === 'done') throw new Error(`done before its time: ${JSON.stringify(message.payload)}`)
  }
}

/** Begins a job and waits for its end. */
export async function finished(open: OpenDesk, request: CallInput<'sealing.begin'>) {
  const events = await open.desk.events()
  try {
    const { jobId } = await open.desk.ask('sealing.begin', request, open.sessionId)
    await followJob(events, jobId)
    return await open.desk.ask('sealing.job', { jobId }, open.sessionId)
  } finally {
    events.stop()
  }
}
