// Owns: workbooks for tests: parts taken out, changed and put back, cells overwritten, files of any entries.
// Does not own: how workbooks are read and written (main/standards/workbook).
// Start here: `withCells`, `withParts`.
import { crc32, deflateRawSync } from 'node:zlib'
import { openZip } from '../../main/standards/workbook/package/read-zip.ts'
import { makeZip } from '../../main/standards/workbook/package/write-zip.ts'
import { cellPlace } from '../../main/standards/workbook/sheets/cells.ts'

/** Where the workbooks of other programs lie. */
export const workbookFolder = new URL('../fixtures/workbooks/', import.meta.url)

/** A workbook with some of its parts changed (undefined: it was not there) or added; null takes one away. */
export async function withParts(
  bytes: Buffer,
  changes: Readonly<Record<string, (text: string) => string | null>>,
): Promise<Buffer> {
  const zip = openZip(bytes)
  const names = [...new Set([...zip.names, ...Object.keys(changes)])]
  const parts = await Promise.all(
    names.map(async (name) => {
      const before = zip.has(name) ? (await zip.read(name)).toString('utf8') : ''
      const change = changes[name]
      const after = change === undefined ? before : change(before)
      return after === null ? [] : [{ name, bytes: Buffer.from(after, 'utf8') }]
    }),
  )
  return await makeZip(parts.flat())
}

/** A workbook of ours with cells of a sheet overwritten: what stands in the cell as XML, '' to empty it. */
export async function withCells(
  bytes: Buffer,
  sheet: string,
  cells: Readonly<Record<string, string>>,
): Promise<Buffer> {
  const book = (await openZip(bytes).read('xl/workbook.xml')).toString('utf8')
  const names = [...book.matchAll(/<sheet name="([^"]*)"/gu)].map(([, name]) => name)
  const part = `xl/worksheets/sheet${names.indexOf(sheet) + 1}.xml`
  return await withParts(bytes, {
    [part]: (xml) => Object.entries(cells).reduce((text, [name, content]) => overwritten(text, name, content), xml),
  })
}

function overwritten(xml: string, name: string, content: string): string {
  const { row = 0, column = 0 } = cellPlace(name) ?? {}
  return xml.replace(new RegExp(`<row r="${row}">(.*?)</row>`, 'su'), (_, inner: string) => {
    const kept = [...inner.matchAll(/<c r="([A-Z]+\d+)".*?<\/c>/gsu)].filter(([, one]) => one !== name)
    const before = kept.filter(([, one = '']) => (cellPlace(one)?.column ?? 0) < column).map(([cell]) => cell)
    const after = kept.filter(([, one = '']) => (cellPlace(one)?.column ?? 0) > column).map(([cell]) => cell)
    return `<row r="${row}">${[...before, content, ...after].join('')}</row>`
  })
}

/** A cell that somebody typed a text into. */
export const typed = (name: string, text: string) => `<c r="${name}" t="inlineStr"><is><t>${text}</t></is></c>`

/** A ZIP file of one entry that says something else of itself than is true. */
export function lyingZip(
  name: string,
  content: Buffer,
  lies: { readonly sizeBytes?: number; readonly copies?: number },
): Buffer {
  const packed = deflateRawSync(content)
  const facts = Buffer.alloc(26)
  facts.writeUInt16LE(20, 0)
  facts.writeUInt16LE(8, 4)
  facts.writeUInt32LE(crc32(content), 10)
  facts.writeUInt32LE(packed.length, 14)
  facts.writeUInt32LE(lies.sizeBytes ?? content.length, 18)
  const { copies = 1 } = lies
  const entries = Array.from({ length: copies }, (_, at) => {
    const title = Buffer.from(at === 0 ? name : `${name}${at}`)
    const own = Buffer.from(facts)
    own.writeUInt16LE(title.length, 22)
    return Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), own, Buffer.alloc(14), title])
  })
  const local = Buffer.from(facts)
  local.writeUInt16LE(Buffer.byteLength(name), 22)
  const body = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), local, Buffer.from(name), packed])
  const directory = Buffer.concat(entries)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 0, 'latin1')
  end.writeUInt16LE(copies, 8)
  end.writeUInt16LE(copies, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(body.length, 16)
  return Buffer.concat([body, directory, end])
}
