// Owns: how many releases are on their way to a gateway at once, and how many it looks into: whoever sends one has shown nothing yet, and may send 4 MB.
// Does not own: what is said of a release (releases.ts), connections that fall silent (../admission.ts).
// Start here: `publishPlaces`.
import type { Socket } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../refusal.ts'

/** So many bodies come in at once: 64 MB at most. */
const mostArriving = 16
/** So many releases are judged at once. */
const mostJudged = 4
/** Nobody loses the place that he took so lately. */
const graceMs = 10_000

type Arrival = { readonly socket: Socket; readonly since: number; readonly bytesBefore: number }

/** The hooks of the route by which releases come. */
export type PublishPlaces = {
  /** Before the body: where all places are taken the slowest sender gives way, so that none can be sat on. Refuses `busy` where all have just come. */
  readonly arrive: (request: FastifyRequest, reply: FastifyReply) => Promise<void>
  /** Once the body is whole. Refuses `busy`. */
  readonly judge: (request: FastifyRequest, reply: FastifyReply) => Promise<void>
}

/** Makes the places of a gateway. */
export function publishPlaces(bounds: { readonly arriving?: number; readonly graceMs?: number } = {}): PublishPlaces {
  const arriving = new Map<FastifyReply, Arrival>()
  let judged = 0
  const most = bounds.arriving ?? mostArriving
  const grace = bounds.graceMs ?? graceMs
  return {
    arrive: async ({ raw }, reply) => {
      if (arriving.size >= most && !dropSlowest(arriving, grace)) throw busy()
      const { socket } = raw
      arriving.set(reply, { socket, since: performance.now(), bytesBefore: socket.bytesRead })
      reply.raw.once('close', () => arriving.delete(reply))
    },
    judge: async (_request, reply) => {
      arriving.delete(reply)
      if (judged >= mostJudged) throw busy()
      judged += 1
      reply.raw.once('close', () => {
        judged -= 1
      })
    },
  }
}

function dropSlowest(arriving: Map<FastifyReply, Arrival>, grace: number): boolean {
  const now = performance.now()
  const speed = ({ socket, bytesBefore, since }: Arrival) => (socket.bytesRead - bytesBefore) / (now - since)
  const [slowest] = [...arriving]
    .filter(([, { since }]) => now - since >= grace)
    .toSorted(([, one], [, other]) => speed(one) - speed(other))
  if (slowest === undefined) return false
  const [reply, { socket }] = slowest
  arriving.delete(reply)
  socket.destroy()
  return true
}

const busy = () => new Refusal('busy', '中心正忙，请稍后再发布', { retryAfterSeconds: 10 })
