const css = `
  @page { size: A4 landscape; margin: 12mm; }
  @media print {
    html, body { height: auto !important; overflow: visible !important; background: #fff !important; }
    body > :not(.table-print) { display: none !important; }
  }
  @media screen { .table-print { display: none; } }
  .table-print { color: #000; font-size: 10.5pt; }
  .table-print table { width: 100%; border-collapse: collapse; }
  .table-print th, .table-print td { padding: 3px 6px; border: 1px solid #000; text-align: left; overflow-wrap: anywhere; }
  .table-print thead { display: table-header-group; }
  .table-print tr { break-inside: avoid; }
`

/** Prints rows of text as a table with its heads on every sheet; the first row are the heads. Returns when the dialog has closed. */
export function printTable(title: string, [heads = [], ...rows]: readonly (readonly string[])[]): void {
  const holder = document.createElement('div')
  holder.className = 'table-print'
  const heading = document.createElement('h1')
  heading.textContent = title
  const table = document.createElement('table')
  const line = (cells: readonly string[], name: 'th' | 'td') => {
    const row = document.createElement('tr')
    row.append(
      ...cells.map((text) => {
        const cell = document.createElement(name)
        cell.textContent = text
        return cell
      }),
    )
    return row
  }
  table.createTHead().append(line(heads, 'th'))
  table.createTBody().append(...rows.map((cells) => line(cells, 'td')))
  holder.append(heading, table)
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(css)
  try {
    document.body.append(holder)
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
    window.print()
  } finally {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet)
    holder.remove()
  }
}
