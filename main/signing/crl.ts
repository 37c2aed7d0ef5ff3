import { AppError } from '../../preload/contract/errors.ts'
import { type Certificate, fromPem, keyUsage, readExtensions, sameDer, serialOf } from './certificate.ts'
import { bitStringOf, children, type DerElement, readDer, smallIntegerOf, timeOf } from './der.ts'
import { oids } from './oids.ts'
import { isSignatureOf, readScheme } from './signature.ts'

/** A certificate revocation list taken apart (RFC 5280, 5.1). */
export type Crl = {
  readonly issuer: DerElement
  readonly signedPart: Uint8Array
  readonly signatureAlgorithm: DerElement
  readonly signature: Uint8Array
  readonly thisUpdate: Date
  readonly nextUpdate: Date | undefined
  /** Since when a certificate is revoked, by its serial number in lower-case hexadecimal. */
  readonly entries: ReadonlyMap<string, Date>
}

/** Lists are large and are asked for every seal of a file. */
const readBefore = new WeakMap<Uint8Array, readonly Crl[]>()

/**
 * The revocation lists in a file: one in DER, or any number in PEM. Says nothing of who signed them: `checkChain` does.
 * Throws INPUT_INVALID (`field`: 吊销列表) where there is none or one cannot be read.
 */
export function readCrls(bytes: Uint8Array): readonly Crl[] {
  const known = readBefore.get(bytes)
  if (known !== undefined) return known
  try {
    const blocks = bytes[0] === 0x30 ? [bytes] : fromPem(Buffer.from(bytes).toString('latin1'), 'X509 CRL')
    if (blocks.length === 0) throw new Error('no CRL in it')
    const crls = blocks.map(readCrl)
    readBefore.set(bytes, crls)
    return crls
  } catch (cause) {
    throw new AppError('INPUT_INVALID', { field: '吊销列表' }, { cause })
  }
}

function readCrl(bytes: Uint8Array): Crl {
  const [body, signatureAlgorithm, signature] = children(readDer(bytes))
  if (body?.tag !== 0x30 || signatureAlgorithm === undefined) throw new Error('not a CRL')
  const fields = children(body)
  const [, issuer, thisUpdate, ...rest] = fields.slice(fields[0]?.tag === 0x02 ? 1 : 0)
  if (issuer?.tag !== 0x30) throw new Error('not a CRL')
  const nextUpdate = rest[0]?.tag === 0x17 || rest[0]?.tag === 0x18 ? timeOf(rest.shift()) : undefined
  const list = rest[0]?.tag === 0x30 ? children(rest[0]) : []
  return {
    issuer,
    signedPart: body.raw,
    signatureAlgorithm,
    signature: bitStringOf(signature),
    thisUpdate: timeOf(thisUpdate),
    nextUpdate,
    entries: readEntries(list, issuer),
  }
}

const removedFromList = 8

/** The entries that speak of the list's own issuer's certificates, the earliest date of each. */
function readEntries(list: readonly DerElement[], issuer: DerElement): Map<string, Date> {
  const found = new Map<string, Date>()
  let isOwn = true
  for (const entry of list) {
    const { serial, since, issuerNames } = readEntry(entry)
    // An issuer that an entry names goes for those that follow too (RFC 5280, 5.3.3).
    if (issuerNames !== undefined) isOwn = issuerNames.some((name) => sameDer(name, issuer))
    const known = found.get(serial)
    if (isOwn && since !== undefined && (known === undefined || since < known)) found.set(serial, since)
  }
  return found
}

type Entry = {
  readonly serial: string
  readonly since: Date | undefined
  readonly issuerNames: readonly DerElement[] | undefined
}

/**
 * An entry: its serial number, the date from which signatures are not to be believed, and whose certificate it speaks of
 * where it says so. The date is the invalidity date (RFC 5280, 5.3.2) where it says that the key was lost before, and
 * none where the entry lifts a hold.
 */
function readEntry(entry: DerElement): Entry {
  const [serial, time, wrapped] = children(entry)
  if (serial?.tag !== 0x02) throw new Error('not an entry of a CRL')
  let since = timeOf(time)
  let isLifted = false
  let issuerNames: DerElement[] | undefined
  for (const { oid, value } of wrapped === undefined ? [] : readExtensions(wrapped)) {
    // A directoryName is [4] around the name (RFC 5280, 4.2.1.6).
    if (oid === oids.certificateIssuer) {
      issuerNames = children(readDer(value)).flatMap((name) => (name.tag === 0xa4 ? [readDer(name.content)] : []))
    }
    if (oid === oids.reasonCode && smallIntegerOf(readDer(value)) === removedFromList) isLifted = true
    if (oid === oids.invalidityDate) since = new Date(Math.min(since.getTime(), timeOf(readDer(value)).getTime()))
  }
  return { serial: serialOf(serial), since: isLifted ? undefined : since, issuerNames }
}

/**
 * What the lists say of the certificates on a way to a root, signer first. A list counts where the issuer that stands
 * next on the way has signed it and may sign lists; a list that has run out still tells what was revoked before.
 */
export function revokedByCrls(
  path: readonly Certificate[],
  crls: readonly Crl[],
  now: Date,
): { readonly revokedAt: Date | undefined; readonly revocation: 'checked' | 'stale' | 'unchecked' } {
  const dates: number[] = []
  const states = path.slice(0, -1).map((certificate, index) => {
    const issuer = path[index + 1]
    const own = issuer === undefined ? [] : crls.filter((crl) => isSignedBy(crl, issuer))
    for (const crl of own) {
      const since = crl.entries.get(serialOf(certificate.serial))
      if (since !== undefined) dates.push(since.getTime())
    }
    return own.length === 0 ? 'unchecked' : own.some((crl) => isCurrent(crl, now)) ? 'checked' : 'stale'
  })
  const revocation = states.includes('unchecked') ? 'unchecked' : states.includes('stale') ? 'stale' : 'checked'
  return { revokedAt: dates.length === 0 ? undefined : new Date(Math.min(...dates)), revocation }
}

const isCurrent = ({ thisUpdate, nextUpdate }: Crl, now: Date): boolean =>
  thisUpdate <= now && nextUpdate !== undefined && now <= nextUpdate

function isSignedBy(crl: Crl, issuer: Certificate): boolean {
  if (!sameDer(crl.issuer, issuer.subject) || !keyUsage(issuer).revoke) return false
  try {
    const scheme = readScheme(crl.signatureAlgorithm)
    return scheme !== undefined && isSignatureOf(scheme, issuer.publicKeyInfo, [crl.signedPart], crl.signature)
  } catch {
    return false
  }
}
