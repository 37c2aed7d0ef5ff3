import forge from 'node-forge'

/** One DER element: its tag byte, and views (no copies) of its content and of all its bytes. */
export type DerElement = { readonly tag: number; readonly content: Uint8Array; readonly raw: Uint8Array }

const maxDepth = 64

/**
 * Reads the element at the start of `bytes` (X.690; BER's indefinite length too, as some signers write it). Bytes after
 * it are left alone. Throws a plain Error where the bytes are no element; callers say what that means.
 */
export function readDer(bytes: Uint8Array, depth = 0): DerElement {
  const [tag, first] = [bytes[0], bytes[1]]
  if (tag === undefined || first === undefined || depth > maxDepth || (tag & 31) === 31) throw new Error('not DER')
  if (first === 0x80) return indefinite(bytes, tag, depth)
  let [length, header] = [first, 2]
  if (first > 0x80) {
    const lengthBytes = first & 0x7f
    if (lengthBytes > 4) throw new Error('DER length too long')
    length = 0
    for (let i = 0; i < lengthBytes; i++) length = length * 256 + (bytes[2 + i] ?? 0)
    header = 2 + lengthBytes
  }
  if (header + length > bytes.length) throw new Error('DER cut off')
  return { tag, content: bytes.subarray(header, header + length), raw: bytes.subarray(0, header + length) }
}

function indefinite(bytes: Uint8Array, tag: number, depth: number): DerElement {
  let at = 2
  while (!(bytes[at] === 0 && bytes[at + 1] === 0)) {
    if (at >= bytes.length) throw new Error('BER cut off')
    at += readDer(bytes.subarray(at), depth + 1).raw.length
  }
  return { tag, content: bytes.subarray(2, at), raw: bytes.subarray(0, at + 2) }
}

/** The elements inside a constructed one. Throws a plain Error where they are none. */
export function children(element: DerElement): DerElement[] {
  const found: DerElement[] = []
  for (let at = 0; at < element.content.length; ) {
    const child = readDer(element.content.subarray(at))
    found.push(child)
    at += child.raw.length
  }
  return found
}

/** The dotted form of an OBJECT IDENTIFIER's content, '' where the element is something else. */
export function oidOf(element: DerElement | undefined): string {
  if (element?.tag !== 0x06) return ''
  const arcs: number[] = []
  let value = 0
  for (const byte of element.content) {
    value = value * 128 + (byte & 0x7f)
    if (byte < 0x80) {
      arcs.push(value)
      value = 0
    }
  }
  const [first = 0, ...rest] = arcs
  const top = Math.min(2, Math.floor(first / 40))
  return [top, first - top * 40, ...rest].join('.')
}

/** The object identifiers that CMS and certificates are made of here (RFC 5652, 5035, 5280, 8017, 5758). */
export const oids = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
  rsaEncryption: '1.2.840.113549.1.1.1',
  sha256WithRsa: '1.2.840.113549.1.1.11',
  sha384WithRsa: '1.2.840.113549.1.1.12',
  sha512WithRsa: '1.2.840.113549.1.1.13',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  ecdsaWithSha384: '1.2.840.10045.4.3.3',
  ecdsaWithSha512: '1.2.840.10045.4.3.4',
  keyUsage: '2.5.29.15',
  commonName: '2.5.4.3',
  organisation: '2.5.4.10',
} as const

const { asn1 } = forge
const { Class, Type } = asn1

/** forge keeps bytes in strings of char codes 0 to 255. */
const binary = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

/** Builders for `forge.asn1`, which knows nothing of raw bytes: what is raw goes in as it is, never decoded. */
export const der = {
  sequence: (...items: forge.asn1.Asn1[]) => asn1.create(Class.UNIVERSAL, Type.SEQUENCE, true, items),
  set: (...items: forge.asn1.Asn1[]) => asn1.create(Class.UNIVERSAL, Type.SET, true, items),
  oid: (oid: string) => asn1.create(Class.UNIVERSAL, Type.OID, false, asn1.oidToDer(oid).getBytes()),
  null: () => asn1.create(Class.UNIVERSAL, Type.NULL, false, ''),
  octets: (bytes: Uint8Array) => asn1.create(Class.UNIVERSAL, Type.OCTETSTRING, false, binary(bytes)),
  smallInteger: (value: number) => asn1.create(Class.UNIVERSAL, Type.INTEGER, false, String.fromCharCode(value)),
  context: (tag: number, ...items: forge.asn1.Asn1[]) => asn1.create(Class.CONTEXT_SPECIFIC, tag, true, items),
  /**
   * An element copied byte for byte: forge would decode and re-encode names, and spoil Chinese ones. To forge it is a
   * primitive whose type number happens to carry the constructed bit.
   */
  raw: (element: DerElement): forge.asn1.Asn1 =>
    asn1.create(element.tag & 0xc0, element.tag & 0x3f, false, binary(element.content)),
}

/** The DER bytes of what the builders made. */
export function encode(value: forge.asn1.Asn1): Buffer {
  return Buffer.from(asn1.toDer(value).getBytes(), 'latin1')
}
