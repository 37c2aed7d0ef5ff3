// Owns: a running centre: its database, its folder's lock, its listeners, its end.
// Does not own: routes (gateway.ts) or the command line (index.ts).
// Start here: `openCentre`, `serveCentre`.
import { existsSync, mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type FolderLock, lockFolder } from '../main/wire/local/folder-lock.ts'
import {
  listenOnSocket,
  newOwnerToken,
  removeOwner,
  socketPathFor,
  writeOwner,
} from '../main/wire/local/private-socket.ts'
import { AppError } from '../preload/contract/errors.ts'
import { type Database, openEmbedded, openPostgres } from './database.ts'
import { type ContentPlace, type ContentStore, contentPlaceOf, openContent } from './files/content.ts'
import { buildGateway, type GatewayOptions } from './gateway.ts'
import { type Identity, loadIdentity, renameCentre } from './identity.ts'
import { type MetricsPlace, serveMetrics } from './metrics/listener.ts'
import { migrate } from './migrations/index.ts'
import { openRelay } from './relay/serve.ts'
import type { UpstreamWanted } from './relay/upstream.ts'

/**
 * Where a centre keeps what it knows: a PostgreSQL server, or a data folder's `centre/`; and its files: a folder that all
 * gateways see, without it as the environment says, or beside the embedded database.
 */
export type CentrePlace = (
  | { readonly databaseUrl: string; readonly connections?: number | undefined }
  | { readonly dataFolder: string }
) & { readonly files?: string | undefined }

/** An open centre: alone on its folder, or one of many over a server. */
export type OpenCentre = {
  readonly database: Database
  readonly identity: Identity
  /** Where files lie; undefined where no place was named. */
  readonly content: ContentStore | undefined
  readonly close: () => Promise<void>
}

/** The name that a centre gets at its first start where nobody gave it one. */
const firstName = '政务服务中心'

/** The folder of the embedded centre within a station's data folder. */
export function centreFolder(dataFolder: string): string {
  return join(dataFolder, 'centre')
}

/**
 * Opens a centre's database, brings its schema up to date and reads who it is. Throws FOLDER_IN_USE when another process has
 * the folder, STORE_DAMAGED when the embedded database cannot be opened. A `name` is the centre's from now on.
 */
export async function openCentre(place: CentrePlace, now: () => Date, name?: string): Promise<OpenCentre> {
  const { database, lock } = await openDatabase(place)
  const close = async () => {
    await database.close()
    lock?.release()
  }
  try {
    await migrate(database)
    const files = filesOf(place)
    const content = files && (await openContent(files, database))
    const identity = await loadIdentity(database, name ?? firstName, now())
    if (name !== undefined && name !== identity.name) await renameCentre(database, name)
    return { database, identity: { ...identity, name: name ?? identity.name }, content, close }
  } catch (error) {
    await close()
    throw error
  }
}

function filesOf(place: CentrePlace): ContentPlace | undefined {
  const folder = 'dataFolder' in place ? centreFolder(place.dataFolder) : undefined
  return contentPlaceOf(process.env, { files: place.files, centreFolder: folder })
}

async function openDatabase(place: CentrePlace): Promise<{ database: Database; lock?: FolderLock }> {
  if ('databaseUrl' in place) return { database: openPostgres(place.databaseUrl, place) }
  const folder = centreFolder(place.dataFolder)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const lock = lockFolder(folder)
  try {
    return { database: await openEmbedded(join(folder, 'database')), lock }
  } catch (cause) {
    lock.release()
    throw new AppError('STORE_DAMAGED', { what: 'centre' }, { cause })
  }
}

/** Whether a data folder has an embedded centre. */
export function hasCentre(dataFolder: string): boolean {
  return existsSync(join(centreFolder(dataFolder), 'database'))
}

/** How a centre is served. */
export type ServeOptions = {
  readonly place: CentrePlace
  /** What the centre is called from now on; of a relay `upstream` says it. */
  readonly name?: string | undefined
  /** Makes this centre the relay of a town hall; a database that is a relay's stays one without it. */
  readonly upstream?: UpstreamWanted | undefined
  /** Pushes that are worked on at once; the next are told to come back later. */
  readonly pushPlaces?: number | undefined
  /** Where Prometheus reads; without it nothing is told. */
  readonly metrics?: MetricsPlace | undefined
  /** 0 = any free port. */
  readonly port: number
  /** 127.0.0.1 unless told otherwise. */
  readonly host?: string | undefined
  /** Opens the back office on the public port for who carries it. */
  readonly officeToken?: string | undefined
  readonly now: () => Date
  readonly onBug: (incident: string, error: unknown) => void
}

/** A centre that listens. */
export type ServedCentre = {
  readonly listening: string
  /** The address of the metrics. */
  readonly metrics?: string
  readonly identity: Identity
  /** Ends idle connections, lets running requests finish, closes the database, frees the folder. */
  readonly close: () => Promise<void>
}

/**
 * Serves a centre on loopback; an embedded one also on its private socket, with the back office, and says so in its owner file.
 * Throws FOLDER_IN_USE, and PORT_TAKEN when the port is another program's.
 */
export async function serveCentre(options: ServeOptions): Promise<ServedCentre> {
  const opened = await openCentre(options.place, options.now, options.name)
  const closers = [opened.close]
  const close = async () => {
    for (const closer of closers.toReversed()) await closer()
    closers.length = 0
  }
  try {
    const relay = await openRelay({ ...opened, ...options })
    if (relay !== undefined) closers.push(() => relay.parts.onward.stop())
    const centre = { ...opened, ...(relay && { identity: relay.identity, relay: relay.parts }) }
    const gateway = await buildGateway({ ...centre, ...options })
    closers.push(() => gateway.close())
    const listening = await listen(gateway, options)
    if ('dataFolder' in options.place) closers.push(await serveOffice(centre, options, options.place.dataFolder))
    const metrics = options.metrics && (await serveMetrics(options.metrics, centre.database, options.now))
    if (metrics !== undefined) closers.push(metrics.close)
    relay?.parts.onward.start()
    return { listening, ...(metrics && { metrics: metrics.url }), identity: centre.identity, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function listen(gateway: Awaited<ReturnType<typeof buildGateway>>, options: ServeOptions): Promise<string> {
  const { port, host = '127.0.0.1' } = options
  try {
    await gateway.listen({ port, host })
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'EADDRINUSE' || code === 'EACCES') throw new AppError('PORT_TAKEN', { port }, { cause })
    throw cause
  }
  const { port: taken } = gateway.server.address() as AddressInfo
  return `http://${host.includes(':') ? `[${host}]` : host}:${taken}`
}

/** The back office on the private socket. Returns the way to end it. */
async function serveOffice(
  centre: OpenCentre & Pick<GatewayOptions, 'relay'>,
  options: ServeOptions,
  dataFolder: string,
): Promise<() => Promise<void>> {
  const folder = centreFolder(dataFolder)
  const token = newOwnerToken()
  const office = await buildGateway({ ...centre, ...options, officeToken: token })
  await office.ready()
  const server = createServer((request, response) => office.routing(request, response))
  const socketPath = socketPathFor(folder)
  await listenOnSocket(server, socketPath)
  writeOwner(folder, { pid: process.pid, socketPath, token })
  return async () => {
    removeOwner(folder)
    server.closeIdleConnections()
    await new Promise((resolve) => server.close(resolve))
    await office.close()
  }
}
