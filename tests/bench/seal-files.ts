import { closeSync, openSync, writeSync } from 'node:fs'

/** Numbers that look random and are the same in every run. */
function numbers(): () => number {
  let state = 1
  return () => {
    state = (state * 48271) % 2147483647
    return state
  }
}

/**
 * Writes a PDF of about `sizeBytes`, an A4 page for every two megabytes at most, each one picture whose bytes do not
 * compress, as scans do not; small ones are pages of a picture of fifty kilobytes. Returns the size.
 */
export function writeScans(path: string, sizeBytes: number): number {
  const picture = randomBytes(Math.min(2_000_000, Math.max(45_000, Math.floor(sizeBytes / 10))))
  const pages = Math.max(1, Math.floor(sizeBytes / picture.length))
  const file = openSync(path, 'w')
  const offsets: number[] = []
  let at = 0
  const write = (bytes: Uint8Array): void => {
    writeSync(file, bytes)
    at += bytes.length
  }
  const object = (body: string): void => {
    offsets.push(at)
    write(Buffer.from(`${offsets.length} 0 obj\n${body}\nendobj\n`, 'latin1'))
  }
  const first = (page: number): number => 3 + page * 3
  write(Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1'))
  object('<< /Type /Catalog /Pages 2 0 R >>')
  const kids = Array.from({ length: pages }, (_, page) => `${first(page)} 0 R`).join(' ')
  object(`<< /Type /Pages /Kids [ ${kids} ] /Count ${pages} /MediaBox [ 0 0 595 842 ] >>`)
  for (let page = 0; page < pages; page++) {
    const number = first(page)
    const resources = `/Resources << /XObject << /Scan ${number + 2} 0 R >> >>`
    object(`<< /Type /Page /Parent 2 0 R ${resources} /Contents ${number + 1} 0 R >>`)
    const content = 'q 595 0 0 842 0 0 cm /Scan Do Q'
    object(`<< /Length ${content.length} >>\nstream\n${content}\nendstream`)
    offsets.push(at)
    const shape = `/Width ${picture.length / 50} /Height 50 /ColorSpace /DeviceGray /BitsPerComponent 8`
    const keys = `<< /Type /XObject /Subtype /Image ${shape} /Length ${picture.length} >>`
    write(Buffer.from(`${number + 2} 0 obj\n${keys}\nstream\n`, 'latin1'))
    write(picture)
    write(Buffer.from('\nendstream\nendobj\n', 'latin1'))
  }
  const lines = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  const size = offsets.length + 1
  const table = `xref\n0 ${size}\n0000000000 65535 f \n${lines}trailer\n<< /Size ${size} /Root 1 0 R >>\n`
  write(Buffer.from(`${table}startxref\n${at}\n%%EOF\n`, 'latin1'))
  closeSync(file)
  return at
}

/** Bytes in fifties, so that a picture of fifty rows is a whole number of columns wide. */
function randomBytes(length: number): Buffer {
  const next = numbers()
  const bytes = Buffer.alloc(Math.floor(length / 50) * 50)
  for (let at = 0; at < bytes.length; at++) bytes[at] = next() & 255
  return bytes
}
