import { Pace } from '../pace.ts'
import { openZip, type ZipFile } from '../package/read-zip.ts'
import { refusal } from '../package/refusal.ts'
import { attributesOf, XmlReader } from '../package/xml.ts'
import type { Sheet } from './cells.ts'
import { readRows, readSharedTexts } from './read-rows.ts'

/** An opened workbook (ECMA-376): its sheets by name, read one at a time. */
export type Workbook = {
  readonly sheetNames: readonly string[]
  /** Pictures are in it, which nobody reads. */
  readonly hasPictures: boolean
  /** Days are counted from 1904-01-01. */
  readonly is1904: boolean
  /** Throws WORKBOOK_REFUSED. */
  read(name: string): Promise<Sheet>
}

/** OLE files: what Excel wrote until 2003, and what it wraps a workbook with a password into. */
const oleSignature = Buffer.from('d0cf11e0a1b11ae1', 'hex')

/**
 * Opens a workbook (.xlsx). Throws WORKBOOK_REFUSED for everything that is none or is more than one: macros, links to
 * other files, embedded files, passwords, older formats, bombs. Nothing of it is run, and nothing outside it looked at.
 */
export async function openWorkbook(bytes: Buffer, pace: Pace = new Pace()): Promise<Workbook> {
  refuseOtherFormats(bytes)
  const zip = openZip(bytes)
  refuseParts(zip)
  const types = await zip.read('[Content_Types].xml')
  if (/macroEnabled/iu.test(types.toString('latin1'))) throw refusal('macros')
  const book = await bookPart(zip)
  const related = await relationsOf(zip, book)
  const { sheets, is1904 } = readBook(await zip.read(book))
  if (sheets.length === 0) throw refusal('no-sheets')
  const partOf = (kind: string) => [...related.values()].find(({ type }) => type.endsWith(`/${kind}`))?.target
  const [texts, styles] = [partOf('sharedStrings'), partOf('styles')]
  const shared = texts === undefined ? [] : await readSharedTexts(new XmlReader(await zip.read(texts)), pace)
  const dateStyles = styles === undefined ? new Set<number>() : readDateStyles(await zip.read(styles))
  const budget = { cells: 0, characters: 0 }
  return {
    sheetNames: sheets.map(({ name }) => name),
    hasPictures: zip.names.some((name) => /^xl\/media\//iu.test(name)),
    is1904,
    async read(name) {
      const part = related.get(sheets.find((sheet) => sheet.name === name)?.id ?? '')
      if (part === undefined) throw refusal('damaged')
      const reader = new XmlReader(await zip.read(part.target))
      return { name, rows: await readRows(reader, { shared, dateStyles, budget, pace }) }
    },
  }
}

function refuseOtherFormats(bytes: Buffer): void {
  if (bytes.subarray(0, 8).equals(oleSignature)) {
    // Streams are listed by name in UTF-16.
    const isEncrypted = bytes.includes(Buffer.from('EncryptedPackage', 'utf16le'))
    throw refusal(isEncrypted ? 'password' : 'old-format')
  }
  if (bytes.toString('latin1', 0, 2) !== 'PK') throw refusal('not-a-workbook')
}

/** Refuses what a workbook may carry beside its cells. Pictures and comments are only not read. */
function refuseParts(zip: ZipFile): void {
  const has = (pattern: RegExp) => zip.names.some((name) => pattern.test(name))
  if (has(/vbaProject|\/macrosheets\/|\/dialogsheets\//iu)) throw refusal('macros')
  if (has(/^xl\/(externalLinks|connections|queryTables|model)\b/iu)) throw refusal('external')
  if (has(/\/embeddings\/|\/activeX\/|\/ctrlProps\/|oleObject/iu)) throw refusal('embedded')
  if (has(/^xl\/workbook\.bin$/iu)) throw refusal('old-format')
  if (!zip.has('[Content_Types].xml')) throw refusal('not-a-workbook')
}

type Relation = { readonly type: string; readonly target: string }

/** Where the workbook's own part lies, by the package's relations. */
async function bookPart(zip: ZipFile): Promise<string> {
  const relations = await relationsOf(zip, '')
  const book = [...relations.values()].find(({ type }) => type.endsWith('/officeDocument'))
  if (book === undefined || !/^xl\//iu.test(book.target)) throw refusal('not-a-workbook')
  return book.target
}

/** Relations of a part by their id, targets as names in the file. Throws WORKBOOK_REFUSED for one that leads outside. */
async function relationsOf(zip: ZipFile, part: string): Promise<Map<string, Relation>> {
  const folder = part.slice(0, part.lastIndexOf('/') + 1)
  const name = `${folder}_rels/${part.slice(folder.length)}.rels`
  const found = new Map<string, Relation>()
  if (!zip.has(name)) return found
  const reader = new XmlReader(await zip.read(name))
  for (let event = reader.next(); event !== undefined; event = reader.next()) {
    if (event.kind !== 'open' || event.name !== 'Relationship') continue
    const attributes = attributesOf(event.attributes)
    const [id = '', type = '', target = ''] = ['Id', 'Type', 'Target'].map((key) => attributes.get(key))
    if (attributes.get('TargetMode') === 'External') throw refusal('external')
    found.set(id, { type, target: target.startsWith('/') ? target.slice(1) : `${folder}${target}` })
  }
  return found
}

function readBook(bytes: Buffer) {
  const reader = new XmlReader(bytes)
  const sheets: { name: string; id: string }[] = []
  let is1904 = false
  for (let event = reader.next(); event !== undefined; event = reader.next()) {
    if (event.kind !== 'open') continue
    const attributes = attributesOf(event.attributes)
    if (event.name === 'sheet') sheets.push({ name: attributes.get('name') ?? '', id: attributes.get('id') ?? '' })
    if (event.name === 'workbookPr') is1904 = /^(1|true)$/u.test(attributes.get('date1904') ?? '')
  }
  return { sheets, is1904 }
}

/** Number formats of Excel's own that show a day (ECMA-376 part 1, 18.8.30), those of East Asia included. */
const dayFormats = new Set([14, 15, 16, 17, 22, ...range(27, 36), ...range(50, 58)])

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at)
}

/** Places in `cellXfs` of styles that show a number as a day. */
function readDateStyles(bytes: Buffer): ReadonlySet<number> {
  const reader = new XmlReader(bytes)
  const own = new Set<string>()
  const found = new Set<number>()
  let isInXfs = false
  let at = 0
  for (let event = reader.next(); event !== undefined; event = reader.next()) {
    if (event.kind === 'text') continue
    if (event.name === 'cellXfs') isInXfs = event.kind === 'open' && !event.isEmpty
    if (event.kind !== 'open') continue
    if (event.name !== 'numFmt' && !(isInXfs && event.name === 'xf')) continue
    const attributes = attributesOf(event.attributes)
    const id = attributes.get('numFmtId') ?? ''
    if (event.name === 'numFmt') {
      if (showsDay(attributes.get('formatCode') ?? '')) own.add(id)
    } else {
      if (own.has(id) || dayFormats.has(Number(id))) found.add(at)
      at++
    }
  }
  return found
}

/** A format with years or days outside quotes and brackets. Excel's own formats have at most 255 characters. */
function showsDay(code: string): boolean {
  if (code.length > 255) return false
  return /[yd年日]/iu.test(code.replaceAll(/"[^"]*"|\[[^\]]*\]|\\./gu, (part) => (/[年日]/u.test(part) ? '年' : '')))
}
