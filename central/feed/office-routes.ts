// Owns: the back office's routes by which stations are told something.
// Does not own: who the officers are (../office/routes.ts), what is told (publishing.ts).
// Start here: `publishingRoutes`.
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { directiveItemSchema, noticeItemSchema, stationIdSchema } from '../../preload/contract/wire.ts'
import type { Database } from '../database.ts'
import { refusals } from '../refusal.ts'
import { giveDirective, publishCalendar, publishNotice } from './publishing.ts'

const target = z.union([z.literal('all'), z.string().regex(/^[0-9]{9}$/), stationIdSchema])

/** A notice order as it travels. */
export const noticeOrderSchema = z.strictObject({
  // A person reads it on one screen, and no text column takes a control character.
  text: noticeItemSchema.shape.text.trim().regex(/^[^\p{Cc}\p{Cs}]+$/u),
  urgent: noticeItemSchema.shape.urgent,
  target,
})

/** A directive order as it travels. */
export const directiveOrderSchema = z.strictObject({
  action: directiveItemSchema.shape.action,
  reason: directiveItemSchema.shape.reason.regex(/^[^\p{Cc}\p{Cs}]*$/u),
  target,
  orderId: z.string().regex(/^[A-Za-z0-9-]{1,64}$/),
})

const calendarOrder = z.strictObject({ calendar: z.json() })

/** Registers the routes below `/v1/office`; the caller has checked the token. Repeating an order changes nothing. */
export function publishingRoutes(app: FastifyInstance, database: Database, now: () => Date): void {
  app.post<{ Body: z.infer<typeof noticeOrderSchema> }>('/v1/office/notices', {
    schema: { summary: '给窗口发通知', body: noticeOrderSchema, response: refusals },
    handler: (request) => publishNotice(database, request.body, now()),
  })
  app.post<{ Body: z.infer<typeof calendarOrder> }>('/v1/office/calendars', {
    schema: { summary: '下发工作日历', body: calendarOrder, response: refusals },
    handler: (request) => publishCalendar(database, request.body.calendar, now()),
  })
  app.post<{ Body: z.infer<typeof directiveOrderSchema> }>('/v1/office/directives', {
    schema: { summary: '让窗口做一件事', body: directiveOrderSchema, response: refusals },
    handler: (request) => giveDirective(database, request.body, now()),
  })
}
