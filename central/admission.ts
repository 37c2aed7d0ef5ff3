// Owns: how many pushes a gateway works on at once, who is sent away, and who loses his place.
// Does not own: what a push does (ledger/), how many connections the database has (database.ts).
// Start here: `boundPushes`.
import type { Socket } from 'node:net'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { meter } from './metrics/meter.ts'
import { Refusal } from './refusal.ts'

/** Places for pushes. A place costs at most a batch of memory (1 MiB), so 256 of them fit a small machine. */
export type AdmissionOptions = {
  readonly places?: number | undefined
  /** How often the pushes' progress is looked at, in milliseconds. */
  readonly inspectEveryMs?: number | undefined
  /** Less than this between two inspections is silence. */
  readonly silentBytes?: number | undefined
}

/**
 * 1 KiB a minute is under a hundredth of a link of 16 kbit/s. Measured on the socket while the body is on its way; a push
 * that waits for the database is not silent.
 */
const defaults = { places: 256, inspectEveryMs: 60_000, silentBytes: 1024 } as const
/** Where all places are taken, the slowest that is below this over its life gives way: 2 kbit/s. */
const crawlBytesPerSecond = 250

type Place = {
  readonly socket: Socket
  readonly since: number
  readonly bytesBefore: number
  bytesSeen: number
  readonly isReceived: () => boolean
}

/** Routes whose requests take a place. */
const boundRoutes: readonly string[] = ['POST /v1/stations/:id/entries']

/**
 * Lets so many pushes in at once; refuses the next with `busy` (429, Retry-After) before its body is read. A connection that
 * falls silent in the middle of its body is ended, however often it wakes for a byte; a slow one is not, unless all places
 * are taken and it crawls: a place cannot be sat on. Every other request ends by the same silence.
 */
export function boundPushes(app: FastifyInstance, options: AdmissionOptions = {}): void {
  const { places = defaults.places, inspectEveryMs = defaults.inspectEveryMs } = options
  const { silentBytes = defaults.silentBytes } = options
  const taken = new Set<Place>()
  const others = new Set<Place>()
  app.addHook('onRequest', async (request, reply) => {
    if (!boundRoutes.includes(`${request.method} ${request.routeOptions.url}`)) {
      watch(others, request, reply)
      return
    }
    if (taken.size >= places && !dropCrawler(taken, inspectEveryMs)) {
      meter.pushesTurnedAway += 1
      throw new Refusal('busy', '中心正忙，请稍后再送', { retryAfterSeconds: laterSeconds() })
    }
    const place = placeOf(request)
    taken.add(place)
    meter.pushesInWork += 1
    reply.raw.once('close', () => {
      if (taken.delete(place)) meter.pushesInWork -= 1
    })
  })
  const inspection = setInterval(() => {
    for (const place of inspect(taken, inspectEveryMs, silentBytes)) drop(taken, place)
    for (const { socket } of inspect(others, inspectEveryMs, silentBytes)) socket.destroy()
  }, inspectEveryMs)
  inspection.unref()
  app.addHook('onClose', async () => clearInterval(inspection))
}

/** Every other request keeps no place, but a body that crawls would keep its connection for ever. */
function watch(others: Set<Place>, request: FastifyRequest, reply: FastifyReply): void {
  const place = placeOf(request)
  others.add(place)
  reply.raw.once('close', () => others.delete(place))
}

function placeOf({ raw }: FastifyRequest): Place {
  const { socket } = raw
  const bytes = socket.bytesRead
  return { socket, since: performance.now(), bytesBefore: bytes, bytesSeen: bytes, isReceived: () => raw.complete }
}

/** Those of the places that were held all through the time since the last inspection, or longer, and in that time were silent. */
function inspect(taken: Set<Place>, everyMs: number, silentBytes: number): Place[] {
  const now = performance.now()
  const silent: Place[] = []
  for (const place of taken) {
    const { bytesRead } = place.socket
    if (now - place.since < everyMs) continue
    if (!place.isReceived() && bytesRead - place.bytesSeen < silentBytes) silent.push(place)
    place.bytesSeen = bytesRead
  }
  return silent
}

/** Takes the place of the slowest crawler back. False where nobody crawls. A newcomer is given time to show his speed. */
function dropCrawler(taken: Set<Place>, graceMs: number): boolean {
  const now = performance.now()
  const speeds = [...taken]
    .filter((place) => !place.isReceived() && now - place.since >= graceMs)
    .map((place) => ({ place, speed: ((place.socket.bytesRead - place.bytesBefore) * 1000) / (now - place.since) }))
    .filter(({ speed }) => speed < crawlBytesPerSecond)
    .toSorted((one, other) => one.speed - other.speed)
  const [slowest] = speeds
  if (slowest === undefined) return false
  drop(taken, slowest.place)
  return true
}

function drop(taken: Set<Place>, place: Place): void {
  if (taken.delete(place)) meter.pushesInWork -= 1
  meter.pushesDropped += 1
  place.socket.destroy()
}

/** Two to eight seconds, by chance: those who were sent away together do not come back together. */
function laterSeconds(): number {
  return 2 + Math.floor(Math.random() * 7)
}
