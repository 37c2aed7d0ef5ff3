import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { packMediaType } from '../../main/wire/catalogue/pack.ts'
import { stationIdSchema } from '../../preload/contract/wire.ts'
import type { Pack } from './packs.ts'

const number = (least: number) => z.coerce.number().int().min(least).max(1_000_000_000)

/** Which station asks for which release. */
export const packParams = z.strictObject({ id: stationIdSchema, release: number(1) })

/** `from`: the release that the station has; `offset`: the bytes that it has. */
export const packQuery = z.strictObject({ from: number(0).default(0), offset: number(0).default(0) })

/** Answers the bytes of a pack from an offset on, and which pack it is. */
export function sendPack(reply: FastifyReply, { sha256, bytes }: Pack, wanted: number): FastifyReply {
  const offset = Math.min(wanted, bytes.length)
  return reply
    .type(packMediaType)
    .header('x-release-pack', `${sha256} ${bytes.length} ${offset}`)
    .send(bytes.subarray(offset))
}
