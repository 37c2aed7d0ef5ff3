// Owns: bundles for an officer at the centre: one brought by hand is taken in, and the log is read.
// Does not own: what happens to a bundle (import.ts), how the office is reached (../office/line.ts).
// Start here: `runBundleCommand`; `bundleOffice` works on an open centre, `bundleOfficeOverSocket` asks a running one.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { basename } from 'node:path'
import { z } from 'zod'
import { type BundleImport, createBundleCourier, type SendToCentre } from '../../main/wire/bundle/client.ts'
import { type ByteSource, fileSource, openBundleFile } from '../../main/wire/bundle/reader.ts'
import { readOwner, requestOverSocket } from '../../main/wire/local/private-socket.ts'
import { AppError } from '../../preload/contract/errors.ts'
import { wireErrorSchema } from '../../preload/contract/wire.ts'
import { refuseWithoutPlace } from '../files/content.ts'
import { Refusal } from '../refusal.ts'
import { type BundleGround, takeBundle } from './import.ts'
import { type BundleLogLine, listBundles } from './log.ts'

/** What an officer can do with bundles. */
export type BundleOffice = {
  /** Takes in a bundle and hands the answer's bytes to `answer`; with `fromReplaced` also one of a replaced machine. Refuses as `takeBundle`. */
  takeBundle(source: ByteSource, answer: (bytes: Buffer) => Promise<void>, fromReplaced: boolean): Promise<BundleImport>
  /** The log, the newest first. */
  bundles(): Promise<BundleLogLine[]>
}

/** The office's bundles over an open centre. Without a place for files no bundle is taken: it would look as if its files were. */
export function bundleOffice(ground: BundleGround): BundleOffice {
  return {
    takeBundle: async (source, answer, fromReplaced) => {
      if (ground.files === undefined) refuseWithoutPlace()
      return takeBundle(ground, source, '', answer, fromReplaced)
    },
    bundles: () => listBundles(ground.database),
  }
}

/** The office's bundles at the centre that runs on a folder, by the couriers' way over its private socket. */
export function bundleOfficeOverSocket(folder: string): BundleOffice {
  const send = sendOverSocket(folder)
  return {
    takeBundle: async (source, answer, fromReplaced) => {
      const hash = createHash('sha256')
      for (let at = 0; at < source.sizeBytes; at += readBytes)
        hash.update(await source.read(at, Math.min(readBytes, source.sizeBytes - at)))
      const door = fromReplaced ? '/v1/office/replaced' : '/v1/office'
      const courier = createBundleCourier(send, { path: `${door}/bundles/${hash.digest('hex')}` })
      await courier.upload(source, () => undefined)
      const { imported, answerBytes } = await courier.takeIn()
      await courier.answer(answerBytes, answer)
      return imported
    },
    bundles: async () => {
      const reply = await send({ method: 'GET', path: '/v1/office/bundles' })
      const listed = z.object({ bundles: z.array(z.custom<BundleLogLine>()) })
      return listed.parse(JSON.parse(reply.body.toString('utf8'))).bundles
    },
  }
}

/** Requests to a running centre's office. Throws DESK_RESTARTING when none answers, and what it refuses as `Refusal`. */
function sendOverSocket(folder: string): SendToCentre {
  return async ({ method, path, headers = {}, body }) => {
    const owner = readOwner(folder)
    if (owner === undefined) throw new AppError('DESK_RESTARTING')
    const { socketPath, token } = owner
    const said = { ...headers, authorization: `Bearer ${token}` }
    const reply = await requestOverSocket({ socketPath, method, path, headers: said, ...(body && { body }) })
    const parts: Buffer[] = []
    for await (const part of reply.body as AsyncIterable<Buffer>) parts.push(part)
    const whole = Buffer.concat(parts)
    if (reply.status === 200)
      return { status: 200, contentType: reply.headers['content-type'] ?? '', headers: {}, body: whole }
    const { error, message, ...details } = wireErrorSchema.parse(JSON.parse(whole.toString('utf8')))
    throw new Refusal(error, message, details)
  }
}

const readBytes = 1 << 20

/** What `central bundle` says: as a value for programs, as text for people. */
export type Said = { readonly value: unknown; readonly text: string }

/** Runs `central bundle import FILE --out RETURN [--from-replaced]` or `central bundle list`. Throws USAGE, FILE_NOT_FOUND, FILE_NOT_WRITABLE; refuses as `takeBundle`. */
export async function runBundleCommand(
  office: BundleOffice,
  words: readonly string[],
  { out, fromReplaced = false }: { readonly out?: string | undefined; readonly fromReplaced?: boolean | undefined },
): Promise<Said> {
  const [action, file, ...more] = words
  if (action === 'list' && file === undefined) return listCommand(await office.bundles())
  if (action !== 'import' || file === undefined || more.length > 0 || out === undefined) throw new AppError('USAGE')
  const imported = await importCommand(office, file, out, fromReplaced)
  const { stationId, newEntries, files, brokenFiles, gap, acknowledged } = imported
  const broken = brokenFiles === 0 ? '' : `有 ${brokenFiles} 个文件不完整，没有收，仍在原来的窗口。`
  const text = gap
    ? `${stationId} 更早的记录还没有到，这次没有收记录；收到第 ${acknowledged} 条为止。回执：${out}`
    : `${stationId}：${newEntries} 条新记录、${files} 个文件，收到第 ${acknowledged} 条为止。${broken}回执：${out}`
  return { value: imported, text }
}

async function importCommand(
  office: BundleOffice,
  file: string,
  out: string,
  fromReplaced: boolean,
): Promise<BundleImport> {
  const bundle = await openBundleFile(file).catch((cause: unknown) => {
    if (cause instanceof AppError) throw cause
    throw new AppError('FILE_NOT_FOUND', { name: basename(file) }, { cause })
  })
  const aside = `${out}.part`
  let answer: FileHandle | undefined
  const notWritable = (cause: unknown): never => {
    throw new AppError('FILE_NOT_WRITABLE', { name: basename(out) }, { cause })
  }
  try {
    if (existsSync(out)) throw new AppError('FILE_NOT_WRITABLE', { name: basename(out) })
    const handle = await open(aside, 'w').catch(notWritable)
    answer = handle
    const write = (bytes: Buffer) => handle.writeFile(bytes).catch(notWritable)
    const imported = await office.takeBundle(await fileSource(bundle), write, fromReplaced)
    await handle.sync()
    await rename(aside, out)
    return imported
  } finally {
    await bundle.close()
    await answer?.close()
    if (answer !== undefined) await rm(aside, { force: true })
  }
}

const outcomeWords: Readonly<Record<string, string>> = {
  taken: '已收',
  gap: '缺更早的记录',
  bundle_unreadable: '读不了',
  station_unknown: '没有登记过的窗口',
  bundle_of_replaced: '已被代替的机器，没有收',
  fork: '与已有的记录冲突',
}

function listCommand(lines: readonly BundleLogLine[]): Said {
  const text = lines.map((line) =>
    [
      ...[line.atUtc, line.stationId, outcomeWords[line.outcome] ?? `没有收（${line.outcome}）`],
      ...[
        `${line.newEntries} 条`,
        `${line.files} 个文件`,
        line.courier === '' ? '当面送来' : `由 ${line.courier} 代传`,
      ],
    ].join('\t'),
  )
  return { value: lines, text: lines.length === 0 ? '还没有人带U盘来。' : text.join('\n') }
}
