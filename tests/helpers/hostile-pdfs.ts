// Owns: small PDFs written by hand that take their reader too long, too much memory, or to odd page sizes.
// Does not own: damaged files of real makers (tests/fixtures/pdf).
// Start here: handmade.
import { constants, deflateRawSync } from 'node:zlib'

/** A PDF of the objects given, the first being number 1 and the catalogue. */
export function handmade(objects: readonly (string | Buffer)[]): Buffer {
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n')]
  const offsets: number[] = []
  let length = parts[0]?.length ?? 0
  for (const [at, object] of objects.entries()) {
    offsets.push(length)
    const part = Buffer.concat([Buffer.from(`${at + 1} 0 obj\n`), Buffer.from(object), Buffer.from('\nendobj\n')])
    parts.push(part)
    length += part.length
  }
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  const trailer = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${length}\n%%EOF\n`
  parts.push(Buffer.from(`xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}${trailer}`))
  return Buffer.concat(parts)
}

/** A stream object; `entries` are those of its dictionary beside /Length. */
export function stream(entries: string, content: string | Buffer): Buffer {
  const bytes = Buffer.from(content)
  const head = Buffer.from(`<< ${entries} /Length ${bytes.length} >>\nstream\n`)
  return Buffer.concat([head, bytes, Buffer.from('\nendstream')])
}

/** One page: `entries` of its dictionary, its content, and objects from number 5 on. */
export function onePage(entries: string, content: string | Buffer, more: readonly (string | Buffer)[] = []): Buffer {
  return handmade([
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /Contents 4 0 R ${entries} >>`,
    typeof content === 'string' ? stream('', content) : content,
    ...more,
  ])
}

/** A page that fills itself 300,000 times, each time blended with all before: minutes of drawing in little memory. */
export function slowDrawing(): Buffer {
  const resources = '/Resources << /ExtGState << /Blend << /BM /Luminosity /ca 0.5 >> >> >>'
  return onePage(`/MediaBox [0 0 2000 2000] ${resources}`, `/Blend gs ${'0 0 2000 2000 re f '.repeat(300_000)}`)
}

/** A page that draws a form that draws a form ten times, ten times over: 10 to the 12th rectangles, more than memory holds. */
export function endlessDrawing(): Buffer {
  const levels = 12
  const forms = Array.from({ length: levels }, (_, level) => {
    const head = '/Type /XObject /Subtype /Form /BBox [0 0 200 200]'
    if (level === levels - 1) return stream(head, '0 0 100 100 re f')
    return stream(`${head} /Resources << /XObject << /X ${level + 6} 0 R >> >>`, '/X Do '.repeat(10))
  })
  return onePage('/MediaBox [0 0 200 200] /Resources << /XObject << /X 5 0 R >> >>', '/X Do', forms)
}

/** A page whose content unpacks to so many megabytes. */
export function bomb(megabytes: number): Buffer {
  const megabyte = deflateRawSync(Buffer.alloc(1 << 20, 0x20), { finishFlush: constants.Z_SYNC_FLUSH })
  // A zlib header, and the same block again and again: packing all of it would take seconds.
  const packed = Buffer.concat([Buffer.from([0x78, 0x9c]), ...Array<Buffer>(megabytes).fill(megabyte)])
  return onePage('/MediaBox [0 0 200 200]', stream('/Filter /FlateDecode', packed))
}

/** So many empty pages, all children of one node. */
export function manyPages(count: number): Buffer {
  const pages = Array.from({ length: count }, () => '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>')
  const kids = pages.map((_, at) => `${at + 3} 0 R`).join(' ')
  return handmade(['<< /Type /Catalog /Pages 2 0 R >>', `<< /Type /Pages /Kids [${kids}] /Count ${count} >>`, ...pages])
}
