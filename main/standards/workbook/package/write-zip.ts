import { promisify } from 'node:util'
import { crc32, deflateRaw } from 'node:zlib'

const deflate = promisify(deflateRaw)
/** 1980-01-01 00:00, so that the same content gives the same bytes. */
const dosDate = 0x0021
/** Bit 11: names are UTF-8. */
const flags = 0x0800

/** A file that goes into a ZIP file. */
export type ZipPart = { readonly name: string; readonly bytes: Buffer }

/** Makes a ZIP file, each part deflated. The same parts give the same bytes. */
export async function makeZip(parts: readonly ZipPart[]): Promise<Buffer> {
  const written: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const { name, bytes } of parts) {
    const packed = await deflate(bytes, { level: 6 })
    const nameBytes = Buffer.from(name, 'utf8')
    const facts = factsOf(bytes, packed, nameBytes)
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), facts, nameBytes])
    directory.push(entryOf(facts, nameBytes, at))
    written.push(local, packed)
    at += local.length + packed.length
  }
  const listed = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 0, 'latin1')
  end.writeUInt16LE(parts.length, 8)
  end.writeUInt16LE(parts.length, 10)
  end.writeUInt32LE(listed.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...written, listed, end])
}

/** What local header and directory say alike: from the version needed to the lengths of name and extra field. */
function factsOf(bytes: Buffer, packed: Buffer, name: Buffer): Buffer {
  const facts = Buffer.alloc(26)
  facts.writeUInt16LE(20, 0)
  facts.writeUInt16LE(flags, 2)
  facts.writeUInt16LE(8, 4)
  facts.writeUInt16LE(dosDate, 8)
  facts.writeUInt32LE(crc32(bytes), 10)
  facts.writeUInt32LE(packed.length, 14)
  facts.writeUInt32LE(bytes.length, 18)
  facts.writeUInt16LE(name.length, 22)
  return facts
}

function entryOf(facts: Buffer, name: Buffer, localAt: number): Buffer {
  const rest = Buffer.alloc(14)
  rest.writeUInt32LE(localAt, 10)
  return Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), facts, rest, name])
}
