/** Words in columns for a terminal, where a Chinese character is two cells wide. */

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}]/u
const noWidth = /[\p{Mn}\p{Me}\p{Cf}]/u

/** How many terminal cells a text takes. */
export function cellsOf(text: string): number {
  let cells = 0
  for (const character of text) cells += noWidth.test(character) ? 0 : wide.test(character) ? 2 : 1
  return cells
}

/** A text filled up with spaces to so many cells. */
function padToCells(text: string, cells: number): string {
  return text + ' '.repeat(Math.max(0, cells - cellsOf(text)))
}

/** Lines of a table: a head, a rule, the rows; columns as wide as what is in them. Control characters are shown as a dot. */
export function tableLines(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const clean = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll(/\p{Cc}/gu, '·')))
  const widths = head.map((_, at) => Math.max(...clean.map((row) => cellsOf(row[at] ?? ''))))
  const lines = clean.map((row) =>
    widths
      .map((width, at) => padToCells(row[at] ?? '', width))
      .join('  ')
      .trimEnd(),
  )
  const rule = widths.map((width) => '─'.repeat(width)).join('  ')
  return [lines[0] ?? '', rule, ...lines.slice(1)]
}

/** Lines of names and values, the values under each other. */
export function factLines(facts: readonly (readonly [name: string, value: string])[]): string[] {
  const width = Math.max(0, ...facts.map(([name]) => cellsOf(name)))
  return facts.map(([name, value]) => `${padToCells(name, width)}  ${value.replaceAll(/\p{Cc}/gu, '·')}`)
}
