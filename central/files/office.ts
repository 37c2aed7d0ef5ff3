import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { hashSchema } from '../../preload/contract/wire.ts'
import { findCase } from '../cases/cases.ts'
import type { Database, Sql } from '../database.ts'
import { refusals } from '../refusal.ts'
import { checked } from './checked.ts'
import { type ContentStore, refuseWithoutPlace } from './content.ts'

/** A file of a case, as its entries name it. */
export type CaseFile = {
  readonly sha256: string
  readonly class: 'receipt' | 'original'
  readonly name: string
  readonly mediaType: string
  readonly sizeBytes: number
  /** When its bytes were here, whole; null while they are not. */
  readonly arrivedAtUtc: string | null
  /** Its readable copy, where that is here. */
  readonly copySha256: string | null
}

/** What the office can do with files. */
export type FileOffice = {
  /** The files of a case, by its id or number; those that are here can be opened. Refuses `not_found`. */
  files(caseName: string): Promise<CaseFile[]>
  /** The bytes of a file that is here. Refuses `not_found`. */
  openFile(sha256: string): Promise<Readable>
}

/** The office's files over a centre's database and content. */
export function fileOffice(database: Database, content: ContentStore | undefined): FileOffice {
  return {
    files: async (caseName) => listFiles(database, (await findCase(database, caseName)).caseId),
    openFile: async (sha256) => {
      if (content === undefined) refuseWithoutPlace()
      return content.open(sha256)
    },
  }
}

/** The files of one case in the order of their entries. */
export async function listFiles(sql: Sql, caseId: string): Promise<CaseFile[]> {
  type Row = Omit<CaseFile, 'arrivedAtUtc'> & { readonly storedAt: Date | null }
  const rows = await sql.query<Row>(
    `select e.sha256, e.class, e.name, e.media_type as "mediaType", e.size_bytes as "sizeBytes", f.stored_at as "storedAt",
       (select s.sha256 from station_files s where s.copy_of = e.sha256 and s.station_id = e.station_id limit 1) as "copySha256"
     from expected_files e left join files f using (sha256) where e.case_id = $1 order by e.seq, e.sha256`,
    [caseId],
  )
  return rows.map(({ storedAt, ...row }) => ({ ...row, arrivedAtUtc: storedAt?.toISOString() ?? null }))
}

const caseParams = z.strictObject({ id: z.string().min(1).max(80) })
const fileParams = z.strictObject({ sha256: hashSchema })

/** Registers the office's routes of files; the caller has checked its token. */
export function officeFileRoutes(
  app: FastifyInstance,
  options: { readonly database: Database; readonly content?: ContentStore | undefined },
): void {
  const office = fileOffice(options.database, options.content)
  app.get<{ Params: z.infer<typeof caseParams> }>('/v1/office/cases/:id/files', {
    schema: { summary: '办件的文件', params: caseParams, response: refusals },
    handler: async (request) => ({ files: await office.files(request.params.id) }),
  })
  app.get<{ Params: z.infer<typeof fileParams> }>('/v1/office/files/:sha256', {
    schema: { summary: '取一个文件', params: fileParams },
    handler: async (request, reply) =>
      reply.type('application/octet-stream').send(await office.openFile(request.params.sha256)),
  })
}

/**
 * Writes the files of a case that are here into a folder, by their names, each checked against its hash. A name that is
 * taken gets a number. Tells what was written and what is still to come. Refuses `not_found`, `file_mismatch` (for content
 * that was damaged at the centre; nothing of that file stays).
 */
export async function saveFiles(
  office: FileOffice,
  caseName: string,
  folder: string,
): Promise<{ saved: string[]; missing: string[] }> {
  const files = await office.files(caseName)
  await mkdir(folder, { recursive: true })
  const saved: string[] = []
  const missing: string[] = []
  for (const file of files) {
    if (file.arrivedAtUtc === null) missing.push(file.name)
    else saved.push(await saveFile(office, file, folder, saved))
  }
  return { saved, missing }
}

async function saveFile(office: FileOffice, file: CaseFile, folder: string, taken: readonly string[]): Promise<string> {
  const name = freeName(safeName(file.name), taken)
  const aside = join(folder, `.${file.sha256}.part`)
  try {
    const bytes = checked(await office.openFile(file.sha256), file.sha256, file.sizeBytes)
    await pipeline(bytes, createWriteStream(aside))
    await rename(aside, join(folder, name))
    return name
  } catch (error) {
    await rm(aside, { force: true })
    throw error
  }
}

/** A station's name for a file as a name that every system takes: no folders, no control characters, nothing reserved. */
export function safeName(name: string): string {
  const base = name
    .replace(/[\p{Cc}\p{Cf}\p{Cs}<>:"/\\|?*]/gu, '_')
    .replace(/^[. ]+|[. ]+$/g, '')
    .slice(0, 150)
  const isReserved = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i.test(base)
  return base === '' || isReserved ? `文件_${base}` : base
}

function freeName(name: string, taken: readonly string[]): string {
  const lower = taken.map((other) => other.toLowerCase())
  const dot = name.lastIndexOf('.')
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, '']
  for (let count = 1; ; count += 1) {
    const free = count === 1 ? name : `${stem}(${count})${ending}`
    if (!lower.includes(free.toLowerCase())) return free
  }
}
