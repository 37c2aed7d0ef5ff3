/**
 * Every expected failure has one code here. What a person reads is in `sentences.ts`; a code without words does not
 * compile. Anything that is not an `AppError` is a bug and is answered as `INTERNAL` with an incident number.
 */
export const errorCodes = [
  // whole program
  'INTERNAL',
  'INPUT_INVALID',
  'NOT_FOUND',
  'NOT_ALLOWED',
  // logging in
  'LOGIN_NEEDED',
  'PIN_WRONG',
  'PIN_WAIT',
  'ACCOUNT_UNKNOWN',
  // the data folder and the store
  'FOLDER_IN_USE',
  'STORE_FROM_NEWER_VERSION',
  'STORE_DAMAGED',
  'STORE_READ_ONLY',
  'DISK_FULL',
  'DESK_RESTARTING',
  'LEDGER_BROKEN',
  'LEDGER_FORKED',
  // cases
  'ID_NUMBER_WRONG',
  'FORM_INCOMPLETE',
  'MATERIALS_MISSING',
  'CONDITION_NOT_MET',
  'STEP_NOT_LEGAL',
  'DRAFT_ALREADY_RECEIVED',
  'STANDARD_UNKNOWN',
  'THEME_CLOSED',
  'MATTER_CLOSED',
  // materials
  'FILE_TOO_LARGE',
  'FILE_KIND_REFUSED',
  'FILE_DAMAGED',
  'FILE_NAME_REFUSED',
  'FILE_EMPTY',
  'FILE_IN_CENTRE',
  // documents and seals
  'GLYPHS_MISSING',
  'PDF_NOT_A_PDF',
  'PDF_ENCRYPTED',
  'PDF_DAMAGED',
  'PDF_CERTIFIED_NO_CHANGES',
  'PDF_FIELD_LOCKED',
  'PDF_SLOT_DEMANDS',
  'PDF_PAGE_NOT_FOUND',
  'PDF_TOO_LARGE',
  'SEAL_PIN_NEEDED',
  'SEAL_PIN_WRONG',
  'SEAL_PIN_WAIT',
  'SEAL_FILE_DAMAGED',
  'SEAL_CERTIFICATE_EXPIRED',
  'SEAL_CERTIFICATE_NOT_YET_VALID',
  'SEAL_NONE',
  'SEAL_NOT_YOURS',
  'SEAL_MATTER_REFUSED',
  'SEAL_APPROVAL_NEEDED',
  'SEAL_APPROVER_UNFIT',
  'SEAL_LEASE_ENDED',
  'SEAL_CERTIFICATE_REVOKED',
  'SEAL_REVOKED',
  'SEAL_KEY_MISMATCH',
  'SEAL_TOKEN_GONE',
  'SEAL_TOKEN_LOCKED',
  'SEAL_TOKEN_UNSUPPORTED',
  'SEAL_PLACE_UNKNOWN',
  'SEAL_CERTIFY_TOO_LATE',
  'TIMESTAMP_REFUSED',
  'TIMESTAMP_UNREACHABLE',
  'PDF_CANNOT_BE_SHOWN',
  // the link and the centre
  'LINK_DOWN',
  'CENTRE_UNREACHABLE',
  'CENTRE_REFUSED',
  'CENTRE_NONSENSE',
  'ENROLMENT_CODE_WRONG',
  'ENROLMENT_TOO_LATE',
  'STATION_REPLACED',
  'RELAY_UNKNOWN',
  'RELAY_UNREACHABLE',
  'HALL_TAKEN',
  // sticks
  'STICK_GONE',
  'STICK_FULL',
  'BUNDLE_NOTHING',
  'BUNDLE_DAMAGED',
  'BUNDLE_FOREIGN',
  'BUNDLE_OF_OTHERS',
  'BUNDLE_OLD',
  'BUNDLE_OF_REPLACED',
  'BUNDLE_BUSY',
  // releases of the catalogue
  'RELEASE_DAMAGED',
  'RELEASE_TOO_LARGE',
  'RELEASE_UNSIGNED',
  'RELEASE_SIGNATURE',
  'RELEASE_FOREIGN_PUBLISHER',
  'RELEASE_NO_PUBLISHER',
  'RELEASE_FOREIGN_COUNTY',
  'RELEASE_NOT_FOR_US',
  'RELEASE_OLD',
  'RELEASE_GAP',
  'RELEASE_TIME',
  'RELEASE_DOCUMENT_MISSING',
  'RELEASE_DOCUMENT_CHANGED',
  'RELEASE_DOCUMENT_INVALID',
  'RELEASE_VERSION_REUSED',
  'RELEASE_KEY_USED',
  'PUBLISHER_PIN_WRONG',
  'PUBLISHER_KEY_DAMAGED',
  'PUBLISHER_KEY_NONE',
  // writing standards and publishing them
  'STANDARD_FAULTY',
  'STANDARD_COPY_OUT',
  'PUBLISH_NOTHING',
  'PUBLISH_WAITING',
  'PUBLISH_STALE',
  'PUBLISH_CENTRE_BEHIND',
  'PUBLISH_ON_STICK',
  'PUBLISH_PERHAPS_OUT',
  'PUBLISH_DESK_UNKNOWN',
  'PUBLISH_APPROVAL_NEEDED',
  'PUBLISH_APPROVER_UNFIT',
  // shells
  'PORT_TAKEN',
  'NO_BROWSER',
  'REQUEST_REFUSED',
  // tables of standards
  'WORKBOOK_REFUSED',
  'STANDARD_IMPORT_STALE',
  // command line
  'USAGE',
  'FILE_NOT_FOUND',
  'FILE_NOT_WRITABLE',
] as const

/** The code of an expected failure. */
export type ErrorCode = (typeof errorCodes)[number]

/** What a sentence may name: numbers, times (UTC ISO text) and short texts, never a stack, a path or personal data. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | readonly string[]>>

/** An expected failure. Thrown inside; across the contract it travels as the `error` of a `Result`. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly details: ErrorDetails

  constructor(code: ErrorCode, details: ErrorDetails = {}, options: { cause?: unknown } = {}) {
    super(code, options)
    this.name = 'AppError'
    this.code = code
    this.details = details
  }
}

/** What a failed call tells: the code, what its sentence names, and for bugs a number to read over the phone. */
export type Failure = { readonly code: ErrorCode; readonly details: ErrorDetails; readonly incident?: string }

/** The answer of every contract call. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Failure }

/** Makes a union's forgotten member a compile error, and a loud failure where data brings one in. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`)
}
