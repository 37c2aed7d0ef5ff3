import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import type { Database } from '../../central/database.ts'
import type { ContentStore } from '../../central/files/content.ts'
import type { S3Place } from '../../central/files/s3.ts'
import { buildGateway } from '../../central/gateway.ts'
import { loadIdentity } from '../../central/identity.ts'
import { makeEnrolmentCode } from '../../central/stations/enrolment.ts'
import { newSubjectSecret } from '../../main/wire/canonical.ts'
import { type CentreClient, createCentreClient } from '../../main/wire/centre-client.ts'
import { type Entry, type EntryDraft, emptyHead, type Head, sealEntry } from '../../main/wire/entry.ts'
import { buildPush } from '../../main/wire/packing/push-codec.ts'
import { type KeyPair, makeKeyPair, signerOf, signHead } from '../../main/wire/signatures.ts'
import type { EntryPayload } from '../../preload/contract/entries.ts'
import type { PushRequest } from '../../preload/contract/wire.ts'
import { programs, root } from './programs.ts'

/** A gateway in this process, listening on loopback. */
export type TestGateway = { readonly url: string; readonly bugs: unknown[]; stop(): Promise<void> }

/** The back office's token in tests. */
export const officeToken = 'office-token-of-the-tests'

/** Starts a gateway over a migrated database. */
export async function startGateway(
  database: Database,
  now: () => Date = () => new Date(),
  content?: ContentStore,
): Promise<TestGateway> {
  const bugs: unknown[] = []
  const identity = await loadIdentity(database, '测试中心', now())
  const app = await buildGateway({
    database,
    identity,
    now,
    content,
    officeToken,
    onBug: (_incident, error) => bugs.push(error),
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, bugs, stop: () => app.close() }
}

/** A station that lives in memory: a chain, its secrets and its key. */
export class TestStation {
  readonly id: string
  readonly keys: KeyPair
  readonly entries: Entry[] = []
  readonly secrets = new Map<string, string>()
  centrePublicKey = ''

  constructor(id: string, keys: KeyPair = makeKeyPair()) {
    this.id = id
    this.keys = keys
  }

  get head(): Head {
    return this.headAt(this.entries.length)
  }

  headAt(seq: number): Head {
    const entry = this.entries[seq - 1]
    return entry === undefined ? emptyHead : { seq, hash: entry.hash }
  }

  append(draft: Partial<EntryDraft> = {}): Entry {
    const subject = draft.subject ?? randomUUID()
    const secret = this.secrets.get(subject) ?? newSubjectSecret()
    this.secrets.set(subject, secret)
    const whole = {
      kind: 'note.written',
      version: 1,
      actor: 'clerk',
      at: '2026-03-02T01:02:03.004Z',
      payload: { text: '高龄津贴' },
    }
    const entry = sealEntry(this.id, this.head, secret, { ...whole, ...draft, subject })
    this.entries.push(entry)
    return entry
  }

  receive(number: string): string {
    const caseId = randomUUID()
    this.append({ kind: 'case.received', subject: caseId, payload: receivedCase(caseId, number) })
    return caseId
  }

  /** A batch of entries `from` … `to`, with all their secrets. */
  batch(from = 1, to = this.entries.length): PushRequest {
    const entries = this.entries.slice(from - 1, to)
    const sendSecretsOf = new Set(entries.map(({ subject }) => subject))
    const sign = signerOf(this.keys.privateKey)
    const previous = this.headAt(from - 1)
    const { secrets, id: station } = this
    return buildPush({
      station,
      previous,
      entries,
      secrets,
      sendSecretsOf,
      signHead: (head) => signHead(sign, station, head),
    }).request
  }

  client(baseUrl: string, now?: () => number): CentreClient {
    const { id: stationId, centrePublicKey, keys } = this
    const sign = signerOf(keys.privateKey)
    return createCentreClient({ baseUrl, stationId, sign, centrePublicKey, ...(now && { now }) })
  }

  /** A copy that goes its own way from here, as a cloned disk would. */
  clone(): TestStation {
    const copy = new TestStation(this.id, this.keys)
    copy.entries.push(...this.entries)
    for (const [subject, secret] of this.secrets) copy.secrets.set(subject, secret)
    copy.centrePublicKey = this.centrePublicKey
    return copy
  }
}

/** A station that the centre knows. */
export async function enrolledStation(
  database: Database,
  url: string,
  id: string,
  replaces?: string,
): Promise<TestStation> {
  const station = new TestStation(id)
  const { code } = await makeEnrolmentCode(database, id, new Date(), replaces)
  const client = station.client(url)
  const reply = await client.enrol({ code, windowName: '一号窗口', publicKey: station.keys.publicKey })
  client.close()
  station.centrePublicKey = reply.centrePublicKey
  return station
}

/** A case as the window took it in; nobody real. */
export function receivedCase(caseId: string, localNumber: string): EntryPayload<'case.received@1'> {
  return {
    caseId,
    localNumber,
    itemId: 'elder-allowance',
    matterCode: '11440282MB2D12345T444201400000001',
    matterName: '高龄津贴',
    standardVersion: 1,
    standardSha256: 'a'.repeat(64),
    acceptanceBy: 'centre',
    applicant: { name: '测试人甲', idNumber: '110101190001010000', phone: '13800000000' },
    answers: {
      name: '测试人甲',
      gender: 'female',
      birthDate: '1940-01-01',
      householdAddress: '广东省韶关市南雄市珠玑镇',
      bankName: '农村信用社',
    },
    materials: [],
    later: [],
    receivedAtUtc: '2026-03-02T01:02:03.004Z',
    promised: { date: '2026-03-30', days: 20, unit: 'workday' },
    training: true,
  }
}

/** A centre in its own process. */
export type CentreProcess = {
  readonly child: ChildProcess
  readonly url: string
  readonly name: string
  kill(signal: NodeJS.Signals): Promise<number | null>
}

/** Starts `central serve` on a data folder; resolves when it listens. */
export function startCentre(dataFolder: string, words: readonly string[] = []): Promise<CentreProcess> {
  return startServing(['--data', dataFolder, ...words], { DATABASE_URL: '' })
}

/** Starts `central serve` as a county runs it: on PostgreSQL, its files in an S3-compatible store; resolves when it listens. */
export function startCountyGateway(databaseUrl: string, place: S3Place): Promise<CentreProcess> {
  return startServing([], {
    DATABASE_URL: databaseUrl,
    CENTRAL_S3_ENDPOINT: place.endpoint,
    CENTRAL_S3_BUCKET: place.bucket,
    CENTRAL_S3_REGION: place.region,
    CENTRAL_S3_ACCESS_KEY: place.accessKey,
    CENTRAL_S3_SECRET_KEY: place.secretKey,
  })
}

async function startServing(words: readonly string[], environment: Record<string, string>): Promise<CentreProcess> {
  const child = spawn(process.execPath, [programs.centre, 'serve', ...words], {
    cwd: root,
    env: { ...process.env, ...environment, NODE_NO_WARNINGS: '1' },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let complaint = ''
  child.stderr.on('data', (data) => {
    complaint += data
  })
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  const line = await Promise.race([
    new Promise<string>((resolve) => createInterface({ input: child.stdout }).once('line', resolve)),
    exited.then((code) => {
      throw new Error(`the centre ended with ${code}: ${complaint}`)
    }),
  ])
  const { listening, name } = JSON.parse(line)
  return {
    child,
    url: listening,
    name,
    kill: (signal) => {
      child.kill(signal)
      return exited
    },
  }
}

/** Runs a command of the centre's command line to its end; on PostgreSQL where the environment names one. */
export async function runCentral(
  words: readonly string[],
  environment: { readonly DATABASE_URL: string; readonly CENTRAL_FILES?: string } = { DATABASE_URL: '' },
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [programs.centre, ...words], {
    cwd: root,
    env: { ...process.env, ...environment, NODE_NO_WARNINGS: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (data) => {
    stdout += data
  })
  child.stderr.on('data', (data) => {
    stderr += data
  })
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, stdout, stderr }
}
