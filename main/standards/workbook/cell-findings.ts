import type { Finding } from '../../../preload/contract/standards/findings.ts'
import { pathOf } from '../check/telling.ts'
import type { TableRow } from './find-table.ts'

/** Where a part of a document stands in a table. */
export type CellPlace = {
  /** Names and places in lists from the document down. */
  readonly path: readonly (string | number)[]
  readonly sheet: string
  /** `C7`. */
  readonly cell: string
  /** The column's head; '' for the row. */
  readonly head: string
}

/** A cell as people find it: `“申请材料”表 C7`. */
export function cellInWords(sheet: string, cell: string): string {
  return `“${sheet.trim()}”表 ${cell}`
}

/** A row, by its sheet and any of its cells. */
export function rowKey(sheet: string, cell: string): string {
  return `${sheet}\n${cell.replace(/^[A-Z]+/u, '')}`
}

/** The most findings of one file: what is behind them is found by the next import. */
const mostFindings = 500

/** Collects what is wrong with the cells of a file. */
export class Findings {
  readonly #file: string
  readonly #all: Finding[] = []
  readonly #cells = new Set<string>()
  readonly #rows = new Set<string>()
  readonly #told = new Set<string>()

  constructor(file: string) {
    this.#file = file
  }

  /** Everything that was told, once a place and problem. */
  get all(): readonly Finding[] {
    return this.#all
  }

  /** Rows in which something must be mended, as `rowKey` names them; '' stands for a sheet or the file. More than `all` may tell. */
  get faultyRows(): ReadonlySet<string> {
    return this.#rows
  }

  /** Tells what is wrong with a cell under a head. */
  tellCell(severity: Finding['severity'], row: TableRow, head: string, problem: string, remedy: string): void {
    const words = problem.startsWith(head) ? problem : `${head}：${problem}`
    this.tellPlace(severity, row.sheet, row.cellName(head), words, remedy)
  }

  /** Tells what is wrong with a cell. */
  tellPlace(severity: Finding['severity'], sheet: string, cell: string, problem: string, remedy: string): void {
    const place = cellInWords(sheet, cell)
    if (severity === 'must') {
      this.#cells.add(place)
      this.#rows.add(rowKey(sheet, cell))
    }
    this.#tell({ document: this.#file, severity, pointer: '', place, problem, remedy })
  }

  /** Tells what is wrong with a sheet. */
  tellSheet(severity: Finding['severity'], sheet: string, problem: string, remedy: string): void {
    if (severity === 'must') this.#rows.add('')
    this.#tell({ document: this.#file, severity, pointer: '', place: `“${sheet}”表`, problem, remedy })
  }

  /** Tells what is wrong with the whole file. */
  tellFile(problem: string, remedy: string, severity: Finding['severity'] = 'must'): void {
    if (severity === 'must') this.#rows.add('')
    this.#tell({ document: this.#file, severity, pointer: '', place: '整个文件', problem, remedy })
  }

  /**
   * Tells a finding about a document with the cell where the part stands. Nothing is said twice about one cell: a cell
   * that could not be read lacks in the document as well.
   */
  tellDocument(finding: Finding, places: readonly CellPlace[]): void {
    const found = placeOf(finding.pointer, places)
    if (found === undefined) {
      this.#tell({ ...finding, document: this.#file, place: `${finding.document}：${finding.place}` })
      return
    }
    const place = cellInWords(found.sheet, found.cell)
    if (found.head !== '' && this.#cells.has(place)) return
    const head = found.head === '' || finding.problem.startsWith(found.head) ? '' : `${found.head}：`
    this.#tell({ ...finding, document: this.#file, place, problem: `${head}${finding.problem}` })
  }

  #tell(finding: Finding): void {
    const key = `${finding.place}\n${finding.problem}`
    if (this.#all.length >= mostFindings || this.#told.has(key)) return
    this.#told.add(key)
    this.#all.push(finding)
  }
}

/** The place that a pointer names: that very part, else the first cell of it, else the narrowest part around it. */
function placeOf(pointer: string, places: readonly CellPlace[]): CellPlace | undefined {
  const path = pathOf(pointer)
  const isWithin = (inner: CellPlace['path'], outer: CellPlace['path']) =>
    outer.every((step, at) => String(step) === String(inner[at]))
  const around = places.filter((place) => isWithin(path, place.path))
  const depth = Math.max(-1, ...around.map((place) => place.path.length))
  const below = depth < path.length ? places.find((place) => isWithin(place.path, path)) : undefined
  return below ?? around.find((place) => place.path.length === depth)
}
