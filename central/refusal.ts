import { type WireError, wireErrorSchema } from '../preload/contract/wire.ts'

/** What a route may answer beside what was asked for, as its description tells it. */
export const refusals = { '4xx': wireErrorSchema, '5xx': wireErrorSchema } as const

/** What a refusal says beside its code and sentence. */
export type RefusalDetails = Omit<WireError, 'error' | 'message'>

const statuses: Record<WireError['error'], number> = {
  unauthorized: 401,
  clock_skew: 401,
  replayed: 409,
  station_unknown: 404,
  station_taken: 409,
  station_replaced: 410,
  enrolment_code_wrong: 403,
  fork: 409,
  gap: 409,
  secret_missing: 422,
  feed_behind: 409,
  malformed: 400,
  too_large: 413,
  not_found: 404,
  step_not_legal: 409,
  busy: 429,
  file_mismatch: 422,
  bundle_unreadable: 422,
  bundle_of_replaced: 409,
  relay_only: 403,
  hall_taken: 409,
  release_refused: 422,
  internal: 500,
}

/** An expected refusal by the centre: thrown anywhere in it, answered as `wireErrorSchema`. The message is for people: a Chinese sentence without personal data and without its full stop, which whoever shows it sets. */
export class Refusal extends Error {
  readonly error: WireError['error']
  readonly details: RefusalDetails

  constructor(error: WireError['error'], message: string, details: RefusalDetails = {}) {
    super(message)
    this.name = 'Refusal'
    this.error = error
    this.details = details
  }

  /** The HTTP status that goes with the code. */
  get status(): number {
    return statuses[this.error]
  }

  /** The body to answer. */
  get body(): WireError {
    return { error: this.error, message: this.message, ...this.details }
  }
}
