// Owns: how the command line reaches the back office: the running owner, an idle folder, or PostgreSQL.
// Does not own: what the office does (../cases, ../seals, ../stations …).
// Start here: `withOffice`.
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { readOwner, readText, requestOverSocket } from '../../main/wire/local/private-socket.ts'
import { AppError } from '../../preload/contract/errors.ts'
import {
  type Decision,
  decisionSchema,
  type SealLeaseItem,
  type SealRevocationItem,
  sealLeaseItemSchema,
  sealRevocationItemSchema,
  wireErrorSchema,
} from '../../preload/contract/wire.ts'
import { type BundleOffice, bundleOffice, bundleOfficeOverSocket } from '../bundles/commands.ts'
import { bundleGroundOf } from '../bundles/ground.ts'
import { decideCase, type ListedCase, listCases, type OfficeDecision } from '../cases/cases.ts'
import type { DayOffice } from '../days/commands.ts'
import { listDay, type StationDay } from '../days/list.ts'
import type { PublishingOffice } from '../feed/commands.ts'
import { giveDirective, type Publication, publishCalendar, publishNotice } from '../feed/publishing.ts'
import { type CaseFile, type FileOffice, fileOffice } from '../files/office.ts'
import { type CentrePlace, centreFolder, openCentre } from '../host.ts'
import { Refusal } from '../refusal.ts'
import { officeOfRelay, type RelayOffice } from '../relay/commands.ts'
import { listRelays, makeRelayCode, type OfficeRelay, removeRelay } from '../relay/county.ts'
import { readUpstream } from '../relay/upstream.ts'
import {
  type LeaseRequest,
  leaseSeal,
  listSeals,
  type OfficeSeal,
  type RevocationRequest,
  revokeSeal,
} from '../seals/seals.ts'
import { type ReleaseOffice, releaseOffice, releaseOfficeOver } from '../standards/office.ts'
import { type EnrolmentCode, makeEnrolmentCode } from '../stations/enrolment.ts'

/** What an officer can do. Refusals are thrown as `Refusal`, whoever answered. */
export type Office = FileOffice &
  BundleOffice &
  RelayOffice &
  DayOffice &
  PublishingOffice &
  ReleaseOffice & {
    cases(): Promise<ListedCase[]>
    decide(name: string, decision: OfficeDecision): Promise<Decision>
    /** A code for a station, or, with `replaces`, for a new one in a lost machine's place. Refuses as `makeEnrolmentCode`. */
    enrolmentCode(stationId: string, replaces?: string): Promise<EnrolmentCode>
    /** A code for the relay of a town's hall, by the town's division code. */
    relayCode(town: string): Promise<EnrolmentCode>
    /** The seals of one station, or of all. */
    seals(stationId: string | null): Promise<OfficeSeal[]>
    lease(wanted: LeaseRequest): Promise<SealLeaseItem>
    revoke(wanted: RevocationRequest): Promise<SealRevocationItem>
  }

const codeSchema = z.strictObject({
  code: z.string(),
  stationId: z.string(),
  expiresAtUtc: z.string(),
  replaces: z.string().optional(),
})

/** How long a centre that is just starting is waited for. */
const startingMs = 15_000

/**
 * Runs `work` with the office of a centre: opens the folder or the database itself, or, where a running centre has the folder,
 * speaks to that over its private socket. Throws FOLDER_IN_USE when somebody has the folder and does not answer.
 */
export async function withOffice<T>(
  place: CentrePlace,
  now: () => Date,
  work: (office: Office) => Promise<T>,
): Promise<T> {
  const deadline = performance.now() + startingMs
  for (;;) {
    try {
      return await workAlone(place, now, work)
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'FOLDER_IN_USE' || !('dataFolder' in place)) throw error
    }
    try {
      return await work(officeOverSocket(place.dataFolder))
    } catch (error) {
      const gone = error instanceof AppError && error.code === 'DESK_RESTARTING'
      if (!gone || performance.now() > deadline)
        throw gone ? new AppError('FOLDER_IN_USE', {}, { cause: error }) : error
    }
    await wait(200)
  }
}

async function workAlone<T>(place: CentrePlace, now: () => Date, work: (office: Office) => Promise<T>): Promise<T> {
  const { database, identity, content, close } = await openCentre(place, now)
  try {
    const office: Office = {
      ...fileOffice(database, content),
      ...bundleOffice(bundleGroundOf({ database, identity, content, now })),
      ...releaseOffice(database, now),
      cases: () => listCases(database),
      decide: (name, decision) => decideCase(database, name, decision, now()),
      enrolmentCode: (stationId, replaces) => makeEnrolmentCode(database, stationId, now(), replaces),
      seals: (stationId) => listSeals(database, stationId),
      lease: (wanted) => leaseSeal(database, wanted, now()),
      revoke: (wanted) => revokeSeal(database, wanted, now()),
      relayCode: (town) => makeRelayCode(database, town, now()),
      relays: () => listRelays(database),
      removeRelay: (relayId) => removeRelay(database, relayId, now()),
      days: (day) => listDay(database, day),
      publishNotice: (order) => publishNotice(database, order, now()),
      publishCalendar: (calendar) => publishCalendar(database, calendar, now()),
      giveDirective: (order) => giveDirective(database, order, now()),
    }
    return await work((await readUpstream(database)) === undefined ? office : officeOfRelay(office))
  } finally {
    await close()
  }
}

/** The office of the centre that runs on a data folder, over its private socket. Throws DESK_RESTARTING when none answers. */
export function officeOverSocket(dataFolder: string): Office {
  const send = async (method: string, path: string, body?: unknown, mediaType = 'application/json') => {
    const owner = readOwner(centreFolder(dataFolder))
    if (owner === undefined) throw new AppError('DESK_RESTARTING')
    const headers = {
      authorization: `Bearer ${owner.token}`,
      ...(body !== undefined && { 'content-type': mediaType }),
    }
    const sending = body === undefined ? {} : { body: Buffer.isBuffer(body) ? body : JSON.stringify(body) }
    const reply = await requestOverSocket({ socketPath: owner.socketPath, method, path, headers, ...sending })
    if (reply.status === 200) return reply.body
    const { error, message, ...details } = wireErrorSchema.parse(JSON.parse(await readText(reply.body)))
    throw new Refusal(error, message, details)
  }
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> =>
    JSON.parse(await readText(await send(method, path, body)))
  return {
    ...bundleOfficeOverSocket(centreFolder(dataFolder)),
    ...releaseOfficeOver({
      ask,
      bytes: async (path) => wholeOf(await send('GET', path)),
      sendBytes: async (path, mediaType, bytes) =>
        JSON.parse(await readText(await send('POST', path, bytes, mediaType))),
    }),
    cases: async () =>
      z.object({ cases: z.array(z.custom<ListedCase>()) }).parse(await ask('GET', '/v1/office/cases')).cases,
    decide: async (name, decision) =>
      decisionSchema.parse(await ask('POST', `/v1/office/cases/${encodeURIComponent(name)}/decisions`, decision)),
    files: async (name) =>
      z
        .object({ files: z.array(z.custom<CaseFile>()) })
        .parse(await ask('GET', `/v1/office/cases/${encodeURIComponent(name)}/files`)).files,
    openFile: (sha256) => send('GET', `/v1/office/files/${sha256}`),
    enrolmentCode: async (stationId, replaces) =>
      codeSchema.parse(await ask('POST', '/v1/office/enrolment-codes', { stationId, ...(replaces && { replaces }) })),
    relayCode: async (town) => codeSchema.parse(await ask('POST', '/v1/office/relay-codes', { town })),
    relays: async () =>
      z.object({ relays: z.array(z.custom<OfficeRelay>()) }).parse(await ask('GET', '/v1/office/relays')).relays,
    removeRelay: async (relayId) =>
      z.custom<OfficeRelay>().parse(await ask('POST', `/v1/office/relays/${encodeURIComponent(relayId)}/removal`, {})),
    seals: async (stationId) =>
      z
        .object({ seals: z.array(z.custom<OfficeSeal>()) })
        .parse(await ask('GET', `/v1/office/seals${stationId === null ? '' : `?station=${stationId}`}`)).seals,
    lease: async (wanted) => sealLeaseItemSchema.parse(await ask('POST', '/v1/office/seals/leases', wanted)),
    revoke: async (wanted) => sealRevocationItemSchema.parse(await ask('POST', '/v1/office/seals/revocations', wanted)),
    days: async (day) =>
      z.object({ stations: z.array(z.custom<StationDay>()) }).parse(await ask('GET', `/v1/office/days?day=${day}`))
        .stations,
    publishNotice: async (order) => z.custom<Publication>().parse(await ask('POST', '/v1/office/notices', order)),
    publishCalendar: async (calendar) =>
      z.custom<Publication>().parse(await ask('POST', '/v1/office/calendars', { calendar })),
    giveDirective: async (order) => z.custom<Publication>().parse(await ask('POST', '/v1/office/directives', order)),
  }
}

async function wholeOf(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of body) parts.push(part)
  return Buffer.concat(parts)
}
