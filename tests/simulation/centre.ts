import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { bundleGroundOf } from '../../central/bundles/ground.ts'
import type { BundleGround } from '../../central/bundles/import.ts'
import { decideCase } from '../../central/cases/cases.ts'
import { type Database, openEmbedded, type Sql } from '../../central/database.ts'
import { digestOf } from '../../central/files/checked.ts'
import { type ContentStore, openContent } from '../../central/files/content.ts'
import { buildGateway } from '../../central/gateway.ts'
import { type Identity, loadIdentity } from '../../central/identity.ts'
import { migrate } from '../../central/migrations/index.ts'
import type { TransportReply } from '../../main/wire/transport/http-transport.ts'
import { type CaseState, nextStates } from '../../preload/contract/case-steps.ts'
import type { Chance } from './chance.ts'

/** A request as it leaves a station, its body whole. */
export type SentRequest = {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Buffer | undefined
}

/** What a backup holds: the database, and the folder of files. */
const parts = ['now', 'files'] as const

/** Where the next transaction dies: before its commit, or after it, when nobody hears of it any more. */
export type Death = 'before commit' | 'after commit'

/** What the centre holds of a station, to be compared. */
export type CentreHoldings = {
  readonly entries: readonly { readonly seq: number; readonly hash: string }[]
  readonly feed: readonly { readonly cursor: number; readonly payload: string }[]
  readonly cases: readonly { readonly caseId: string; readonly state: CaseState }[]
  /** SHA-256 of the files that the station sent, and of what lies there under that name; '' for nothing. */
  readonly files: readonly { readonly sha256: string; readonly content: string }[]
}

/** The centre of a simulated world: the real gateway over a real embedded PostgreSQL, which dies and is restored. */
export class SimulatedCentre {
  readonly bugs: unknown[] = []
  readonly #folder: string
  readonly #now: () => Date
  #database: Database | undefined
  #identity: Identity | undefined
  #content: ContentStore | undefined
  #gateway: FastifyInstance | undefined
  #death: Death | undefined
  #backups = 0

  constructor(folder: string, now: () => Date) {
    this.#folder = folder
    this.#now = now
  }

  get database(): Database {
    if (this.#database === undefined) throw new Error('the centre is not open')
    return this.#database
  }

  get identity(): Identity {
    if (this.#identity === undefined) throw new Error('the centre is not open')
    return this.#identity
  }

  async open(): Promise<void> {
    mkdirSync(this.#folder, { recursive: true })
    this.#database = dyingDatabase(await openEmbedded(this.#place('now')), () => {
      const death = this.#death
      this.#death = undefined
      return death
    })
    await migrate(this.#database)
    this.#content = await openContent({ folder: this.#place('files') }, this.#database)
    this.#identity = await loadIdentity(this.#database, '模拟中心', this.#now())
    await this.restart()
  }

  /** A new gateway process over the same database. */
  async restart(): Promise<void> {
    await this.#gateway?.close()
    this.#gateway = await buildGateway({
      database: this.database,
      identity: this.identity,
      content: this.#content,
      now: this.#now,
      onBug: (_incident, error) => {
        if (!(error instanceof DiedInTransaction)) this.bugs.push(error)
      },
    })
    await this.#gateway.ready()
  }

  /** The next transaction dies. */
  dieIn(death: Death): void {
    this.#death = death
  }

  async backUp(): Promise<void> {
    await this.#closeAll()
    this.#backups += 1
    for (const part of parts) cpSync(this.#place(part), this.#backupOf(part), { recursive: true })
    await this.open()
  }

  /** Goes back to the last backup, if there is one: everything since is forgotten; the folder of files may have outlived the database. */
  async restore({ filesToo }: { readonly filesToo: boolean }): Promise<boolean> {
    if (this.#backups === 0) return false
    await this.#closeAll()
    for (const part of filesToo ? parts : (['now'] as const)) {
      rmSync(this.#place(part), { recursive: true })
      cpSync(this.#backupOf(part), this.#place(part), { recursive: true })
    }
    await this.open()
    return true
  }

  /** What taking in a stick stands on. */
  bundleGround(): BundleGround {
    return bundleGroundOf({ database: this.database, identity: this.identity, content: this.#content, now: this.#now })
  }

  async answer({ method, path, headers, body }: SentRequest): Promise<TransportReply> {
    if (this.#gateway === undefined) throw new Error('the centre is not open')
    const reply = await this.#gateway.inject({
      method: method as 'GET',
      url: path,
      headers,
      ...(body === undefined ? {} : { payload: body }),
    })
    const said = Object.entries(reply.headers).map(([name, value]) => [name, String(value)] as const)
    return {
      status: reply.statusCode,
      contentType: String(reply.headers['content-type'] ?? ''),
      headers: Object.fromEntries(said),
      body: reply.rawPayload,
    }
  }

  /** The office decides something legal about some case; says whether there was one. */
  async decideSomething(chance: Chance): Promise<boolean> {
    const open = await this.database.query<{ caseId: string; state: CaseState }>(
      `select case_id as "caseId", state from cases where state not in ('closed', 'refused') order by centre_number`,
    )
    const found = chance.oneOf(open)
    const decision = found && chance.oneOf(nextStates(found.state))
    if (found === undefined || decision === undefined) return false
    const made = { decision, reason: '按规定', officer: '测试员' }
    await decideCase(this.database, found.caseId, made, this.#now()).catch((error: unknown) => {
      if (!(error instanceof DiedInTransaction)) throw error
    })
    return true
  }

  async holdingsOf(stationId: string): Promise<CentreHoldings> {
    const ask = <R extends object>(text: string) => this.database.query<R>(text, [stationId])
    return {
      entries: await ask('select seq, hash from entries where station_id = $1 order by seq'),
      feed: await ask('select cursor, payload from feed where station_id = $1 order by cursor'),
      cases: await ask('select case_id as "caseId", state from cases where station_id = $1 order by case_id'),
      files: await this.#filesOf(stationId),
    }
  }

  async close(): Promise<void> {
    await this.#closeAll()
  }

  async #closeAll(): Promise<void> {
    this.#death = undefined
    await this.#gateway?.close()
    this.#gateway = undefined
    await this.#database?.close()
    this.#database = undefined
  }

  async #filesOf(stationId: string): Promise<CentreHoldings['files']> {
    const rows = await this.database.query<{ sha256: string }>(
      'select sha256 from station_files where station_id = $1 order by sha256',
      [stationId],
    )
    const found: { sha256: string; content: string }[] = []
    for (const { sha256 } of rows) {
      const content = (await this.#content?.has(sha256)) && (await this.#content?.open(sha256))
      found.push({ sha256, content: content ? (await digestOf(content)).sha256 : '' })
    }
    return found
  }

  #backupOf(part: string): string {
    return this.#place(`backup-${this.#backups}-${part}`)
  }

  #place(name: string): string {
    return join(this.#folder, name)
  }
}

/** The process that ran the transaction was killed. */
export class DiedInTransaction extends Error {}

function dyingDatabase(database: Database, death: () => Death | undefined): Database {
  return {
    ...database,
    transaction: async <T>(work: (sql: Sql) => Promise<T>) => {
      const planned = death()
      const result = await database.transaction(async (sql) => {
        const done = await work(sql)
        if (planned === 'before commit') throw new DiedInTransaction('before its commit')
        return done
      })
      if (planned === 'after commit') throw new DiedInTransaction('after its commit')
      return result
    },
  }
}
