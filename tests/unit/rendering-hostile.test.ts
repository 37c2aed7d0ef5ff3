import { decode } from 'fast-png'
import { afterEach, describe, expect, test } from 'vitest'
import { openRenderer, type Renderer, type RendererOptions } from '../../main/rendering/index.ts'
import { bomb, manyPages, onePage, slowDrawing } from '../helpers/hostile-pdfs.ts'
import { fixture } from '../helpers/seals.ts'

const opened: Renderer[] = []
const open = (options?: RendererOptions): Renderer => {
  const renderer = openRenderer(options)
  opened.push(renderer)
  return renderer
}
afterEach(async () => {
  for (const renderer of opened.splice(0)) await renderer.close()
})

const sound = fixture('pdf-lib-table.pdf')

describe('a renderer', () => {
  test('stops a page that is drawn for ever, and shows the next file', async () => {
    const renderer = open({ limitMs: 5000 })
    const hostile = renderer.picture(slowDrawing(), 1, 2000)
    const next = renderer.pageCount(sound)
    await expect(hostile).rejects.toMatchObject({ code: 'PDF_CANNOT_BE_SHOWN', details: { why: 'time' } })
    expect(await next).toBeGreaterThan(0)
  })

  test('stops a file that wants more memory than there is, and shows the next', async () => {
    const renderer = open()
    await expect(renderer.picture(bomb(800), 1, 200)).rejects.toMatchObject({
      code: 'PDF_CANNOT_BE_SHOWN',
      details: { why: 'memory' },
    })
    expect(await renderer.pageCount(sound)).toBeGreaterThan(0)
  })

  test('keeps what it draws of a page 5 metres wide within bounds', async () => {
    const wall = onePage('/MediaBox [0 0 14400 14400] /UserUnit 10', '0 0 7200 7200 re f')
    const { width, height } = decode(await open().picture(wall, 1, 100_000))
    expect(width * height).toBeLessThanOrEqual(12_010_000)
    expect(width).toBe(height)
  })

  test('opens 10,000 pages', async () => {
    const renderer = open()
    const book = manyPages(10_000)
    expect(await renderer.pageSizes(book)).toHaveLength(10_000)
    expect((await renderer.picture(book, 10_000, 100)).length).toBeGreaterThan(50)
  })

  test.for([
    { what: 'what is no PDF', bytes: Buffer.from('no PDF'), code: 'PDF_NOT_A_PDF' },
    { what: 'nothing', bytes: Buffer.alloc(0), code: 'PDF_NOT_A_PDF' },
    { what: 'a header alone', bytes: Buffer.from('%PDF-1.7\n'), code: 'PDF_CANNOT_BE_SHOWN' },
    { what: 'a page without width', bytes: onePage('/MediaBox [0 0 0 100]', ''), code: undefined },
  ])('refuses or repairs $what with a word', async ({ bytes, code }) => {
    const outcome = await open()
      .pageSizes(bytes)
      .then(
        () => undefined,
        (error: { code: string }) => error.code,
      )
    expect(outcome).toBe(code)
  })

  test('answers what it was asked in order, of more files than it keeps open', async () => {
    const renderer = open()
    const files = Array.from({ length: 6 }, (_, at) => onePage(`/MediaBox [0 0 ${(at + 1) * 72} 72]`, ''))
    const sizes = await Promise.all([...files, ...files].map((file) => renderer.pageSizes(file)))
    expect(sizes.map(([size]) => Math.round((size?.widthMm ?? 0) / 25.4))).toEqual([1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6])
  })

  test('works again after it was closed, and tells whoever was waiting', async () => {
    const renderer = open()
    expect(await renderer.pageCount(sound)).toBeGreaterThan(0)
    await renderer.close()
    expect(await renderer.pageCount(sound)).toBeGreaterThan(0)
  })

  test('asks nothing more of what was in line when it was closed', async () => {
    const renderer = open({ limitMs: 5000 })
    const under = renderer.picture(slowDrawing(), 1, 2000).catch(({ details }) => details.why)
    const inLine = renderer.pageCount(sound).catch(({ code }) => code)
    await renderer.close()
    expect(await under).toBe('crash')
    expect(await inLine).toBe('PDF_CANNOT_BE_SHOWN')
  })

  test('leaves the bytes with the caller', async () => {
    const bytes = Buffer.from(sound)
    await open().pageCount(bytes)
    expect(bytes.equals(sound)).toBe(true)
  })
})
