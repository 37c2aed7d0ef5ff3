// Owns: what this desk asks the centre about the whole county, and how it shows that it may.
// Does not own: who may (central/standards/desks.ts), releases that left this station out (catching-up.ts).
// Start here: `askImpact`.
import { AppError } from '../../../preload/contract/errors.ts'
import { sentenceFor } from '../../../preload/contract/sentences.ts'
import {
  type CountyImpact,
  type CountyWindows,
  countyImpactSchema,
  countyWindowsSchema,
  deskProofHeader,
  deskProofSchema,
  type ImpactQuestion,
  publishingDeskClaim,
} from '../../../preload/contract/standards/county.ts'
import { readAnswer } from '../../wire/centre-answers.ts'
import { type Signer, signValue } from '../../wire/signatures.ts'
import type { DeskGround } from './ground.ts'

const proofKey = 'publishing.deskProof'

/** Keeps the word of a publisher's key, while it is open, that this station is its desk: from then on the centre answers it. */
export function keepProof({ context }: DeskGround, by: { readonly publicKey: string; readonly sign: Signer }): void {
  const { settings } = context.store
  if (deskProofSchema.safeParse(settings.get(proofKey)).data?.publicKey === by.publicKey) return
  const signature = signValue(by.sign, publishingDeskClaim(context.station.stationId))
  settings.set(proofKey, { publicKey: by.publicKey, signature })
}

/** The header of every question to the centre; none where no key was ever opened here: an officer may have named the station. */
export function proofHeaders({ context }: DeskGround): Readonly<Record<string, string>> {
  const { data } = deskProofSchema.safeParse(context.store.settings.get(proofKey))
  return data === undefined ? {} : { [deskProofHeader]: `${data.publicKey} ${data.signature}` }
}

/** The centre's answer, or why there is none, in words. */
export type Asked<T> = { readonly value: T | null; readonly why: string }

/** Whom a release would meet in the whole county. */
export function askImpact(ground: DeskGround, question: ImpactQuestion): Promise<Asked<CountyImpact>> {
  return asked(async () => {
    const headers = { ...proofHeaders(ground), accept: 'application/json', 'content-type': 'application/json' }
    const body = Buffer.from(JSON.stringify(question))
    const reply = await ground.ports.client().send({ method: 'POST', path: pathOf(ground, 'impact'), headers, body })
    return readAnswer(countyImpactSchema, reply)
  })
}

/** The county's windows, for choosing a ring and for calling those that are behind. */
export function askWindows(ground: DeskGround): Promise<Asked<CountyWindows['windows']>> {
  return asked(async () => {
    const headers = proofHeaders(ground)
    const reply = await ground.ports.client().send({ method: 'GET', path: pathOf(ground, 'windows'), headers })
    return readAnswer(countyWindowsSchema, reply).windows
  })
}

/** Where the centre answers publishing desks. */
export function pathOf({ context }: DeskGround, what: string): string {
  return `/v1/stations/${context.station.stationId}/publishing/${what}`
}

async function asked<T>(question: () => Promise<T>): Promise<Asked<T>> {
  try {
    return { value: await question(), why: '' }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { value: null, why: whyNot(error) }
  }
}

function whyNot({ code, details }: AppError): string {
  if (code === 'CENTRE_REFUSED' && details.reason === 'unauthorized') {
    const { title, remedy } = sentenceFor('PUBLISH_DESK_UNKNOWN', {})
    return `${title}${remedy}`
  }
  if (code === 'CENTRE_REFUSED' && details.reason === 'not_found') return '中心的程序是旧的，还不会回答全县的数目。'
  return `现在问不到中心：${sentenceFor(code, details).title}`
}
