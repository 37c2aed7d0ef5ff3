import { escapeXml } from '../package/xml.ts'

/** Parts of a workbook that are the same whatever stands in its cells (ECMA-376 part 1). */

const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const packages = 'http://schemas.openxmlformats.org/package/2006'
const content = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

/** Which style a kind of cell has: its place in `cellXfs`. */
export const styleOf = { head: 1, hint: 2, text: 3, number: 4, json: 5 } as const

/** [Content_Types].xml for so many sheets. */
export function typesXml(sheets: number): Buffer {
  const overrides = [
    ['/xl/workbook.xml', 'sheet.main'],
    ['/xl/styles.xml', 'styles'],
    ...Array.from({ length: sheets }, (_, at) => [`/xl/worksheets/sheet${at + 1}.xml`, 'worksheet']),
  ].map(([part, kind]) => `<Override PartName="${part}" ContentType="${content}.${kind}+xml"/>`)
  const defaults = `<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>`
  return Buffer.from(`${head}<Types xmlns="${packages}/content-types">${defaults}${overrides.join('')}</Types>`, 'utf8')
}

/** Relations, named rId1, rId2 … in order. */
export function relations(targets: readonly (readonly [kind: string, target: string])[]): Buffer {
  const listed = targets.map(
    ([kind, target], at) => `<Relationship Id="rId${at + 1}" Type="${office}/${kind}" Target="${target}"/>`,
  )
  return Buffer.from(
    `${head}<Relationships xmlns="${packages}/relationships">${listed.join('')}</Relationships>`,
    'utf8',
  )
}

/** The list of sheets. */
export function workbookXml(names: readonly string[]): Buffer {
  const sheets = names.map((name, at) => `<sheet name="${escapeXml(name)}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`)
  return Buffer.from(
    `${head}<workbook xmlns="${main}" xmlns:r="${office}"><sheets>${sheets.join('')}</sheets></workbook>`,
    'utf8',
  )
}

const fill = (colour: string) =>
  `<fill><patternFill patternType="solid"><fgColor rgb="${colour}"/><bgColor indexed="64"/></patternFill></fill>`
const edge = (side: string) => `<${side} style="thin"><color rgb="FFBFBFBF"/></${side}>`
/** 49 is Excel's own format for text: what is typed into such a cell stays as it was typed. */
const xf = (format: number, font: number, filling: number, wraps = true) =>
  `<xf numFmtId="${format}" fontId="${font}" fillId="${filling}" borderId="1" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"><alignment vertical="top"${wraps ? ' wrapText="1"' : ''}/></xf>`
const font = (size: number, colour: string, more = '') =>
  `<font>${more}<sz val="${size}"/><color rgb="${colour}"/><name val="微软雅黑"/><family val="2"/></font>`

/** Fonts, colours and the styles of `styleOf`. */
export const stylesXml = Buffer.from(
  `${head}<styleSheet xmlns="${main}"><fonts count="4">${font(11, 'FF000000')}${font(11, 'FFFFFFFF', '<b/>')}${font(9, 'FF595959')}${font(9, 'FF7F6000')}</fonts><fills count="5"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>${fill('FF1F4E79')}${fill('FFEDF2F7')}${fill('FFFFF6DD')}</fills><borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border><border>${edge('left')}${edge('right')}${edge('top')}${edge('bottom')}<diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="6"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>${xf(49, 1, 2)}${xf(49, 2, 3)}${xf(49, 0, 0)}${xf(0, 0, 0)}${xf(49, 3, 4, false)}</cellXfs><cellStyles count="1"><cellStyle name="常规" xfId="0" builtinId="0"/></cellStyles></styleSheet>`,
  'utf8',
)
