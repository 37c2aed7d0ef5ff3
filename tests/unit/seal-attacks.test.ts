import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { PdfFile } from '../../main/pdf/index.ts'
import { sealedByHand, sign } from '../helpers/foreign-seals.ts'
import { checkSealed, fixture, sealed } from '../helpers/seals.ts'
import {
  contentStream,
  formStream,
  numbers,
  numbersOf,
  objectText,
  plainDocument,
  replaced,
  withSealByHand,
  withUpdate,
} from '../helpers/tampering.ts'

const firstVerdict = async (pdf: Uint8Array): Promise<string | undefined> =>
  (await checkSealed(pdf)).verdict.seals[0]?.verdict

const onPageTwo = async (pdf: Uint8Array): Promise<Buffer> =>
  Buffer.from((await sealed(pdf, { page: 2, xMm: 20, yMm: 200 })).pdf)

async function expectTold(attacked: Uint8Array): Promise<void> {
  expect(await firstVerdict(attacked)).not.toBe('valid')
}

describe('what was sealed is not exchanged unseen', () => {
  it('by an object stream in the place of a sealed one', async () => {
    const pdf = Buffer.from((await sealed(fixture('pdf-lib-object-streams.pdf'))).pdf)
    const file = PdfFile.open(pdf)
    const [page] = file.pages()
    const entry = file.crossReferences.entries.get(page?.ref.objectNumber ?? 0)
    if (entry?.kind !== 'packed') throw new Error('the page is not packed')
    const texts = [...file.crossReferences.entries]
      .filter(([, other]) => other.kind === 'packed' && other.container === entry.container)
      .map(([number]) => [number, String(file.object(number))] as const)
    const header: string[] = []
    let body = ''
    for (const [number, text] of texts) {
      header.push(`${number} ${body.length}`)
      body += `${number === page?.ref.objectNumber ? text.replace(/\/MediaBox/, '/MediaBix') : text} `
    }
    const data = `${header.join(' ')} ${body}`
    const stream = `<< /Type /ObjStm /N ${texts.length} /First ${data.indexOf('<')} /Length ${data.length} >>\nstream\n${data}\nendstream`
    const attacked = withStreamSection(pdf, { [entry.container]: stream })
    expect(objectText(attacked, page?.ref.objectNumber ?? 0)).toContain('MediaBix')
    await expectTold(attacked)
  })

  it('under a name that says # itself', async () => {
    const names = (image: number) =>
      `<< /Font << /F1 9 0 R >> /XObject << /Im#2331 ${image} 0 R >> /Properties << /Layer 14 0 R >> >>`
    const pdf = await onPageTwo(plainDocument({ [numbers.resources]: names(numbers.image) }))
    await expectTold(withUpdate(pdf, { [numbers.resources]: names(numbers.textLook) }))
  })

  it('under names that are no text', async () => {
    const names = (image: number) => `<< /Font << /F1 9 0 R >> /XObject << /#FF ${image} 0 R /#FE 13 0 R >> >>`
    const pdf = await onPageTwo(plainDocument({ [numbers.resources]: names(numbers.image) }))
    await expectTold(withUpdate(pdf, { [numbers.resources]: names(numbers.textLook) }))
  })

  it('below an object that this reader cannot read and viewers can', async () => {
    const broken = `<< /Type /XObject /Subtype /Form /BBox [ 0 0 9 9 ] /Resources << /XObject << /Deep 17 0 R >> >> /Length 3 >>\nstream\n/Deep Do\nendstream`
    const base = plainDocument({ [numbers.image]: broken, [numbers.lockedAway]: 'null' })
    const pdf = await sealedByHand(base, { look: formStream('1 0 0 RG 5 5 90 90 re S') })
    expect((await checkSealed(pdf)).verdict.verdict).toBe('valid')
    await expectTold(withUpdate(pdf, { [numbers.unused]: contentStream('BT /F1 14 Tf (Amount: 999) Tj ET') }))
  })

  it('by a /Size that makes objects too many', async () => {
    const pdf = await onPageTwo(plainDocument())
    const update = withUpdate(pdf, { [numbers.info]: '<< /Title (Receipt) /ModDate (D:20260102000000Z) >>' })
    expect(await firstVerdict(update)).toBe('valid')
    const text = update.toString('latin1')
    const at = text.lastIndexOf('/Size ')
    const smaller =
      text.slice(0, at) + text.slice(at).replace(/\/Size \d+/, (size) => `/Size 6${' '.repeat(size.length - 7)}`)
    await expectTold(Buffer.from(smaller, 'latin1'))
  })

  it('by a table whose rows are of another length than 20 bytes', async () => {
    const pdf = await onPageTwo(plainDocument())
    const update = withUpdate(pdf, { [numbers.info]: '<< /Title (Receipt) /ModDate (D:20260102000000Z) >>' })
    const text = update.toString('latin1')
    const at = text.lastIndexOf('xref\n18 1')
    const bent =
      text.slice(0, at) +
      text
        .slice(at)
        .replace(/^0+(\d+ \d{5} n) \n/m, (row, rest) => `${rest}${' '.repeat(row.length - rest.length - 4)}   \n`)
    await expectTold(Buffer.from(bent.replace('n   ', 'n      '), 'latin1'))
  })

  it('by an object that the cross-references do not name', async () => {
    const pdf = await onPageTwo(plainDocument())
    const hidden = `6 0 obj\n${contentStream('BT /F1 14 Tf 72 700 Td (Amount: 900) Tj ET')}\nendobj\n`
    await expectTold(withUpdate(pdf, { [numbers.info]: '<< /Title (Receipt) >>' }, { between: hidden }))
  })

  it.each([
    [
      'the catalogue',
      '/XObject 1 0 R',
      numbers.catalogue,
      (text: string) => text.replace('/Type /Catalog', '/Type /Catalog /DSS 13 0 R'),
    ],
    [
      'a page',
      '/XObject 3 0 R',
      numbers.firstPage,
      (text: string) => text.replace('/Type /Page', '/Type /Page /LastModified 13 0 R'),
    ],
    [
      'a page, by colours',
      '/ColorSpace 3 0 R',
      numbers.firstPage,
      (text: string) => text.replace('/Type /Page', '/Type /Page /Tabs /DeviceCMYK'),
    ],
  ])('by %s that serves as a list of resources too', async (_, resources, number, change) => {
    const pdf = await onPageTwo(plainDocument({ [numbers.resources]: `<< /Font << /F1 9 0 R >> ${resources} >>` }))
    const text = objectText(pdf, number).replace(/\s+/g, ' ')
    await expectTold(withUpdate(pdf, { [number]: change(text) }))
  })
})

describe('a form', () => {
  const fonts = '<< /Fields [ 12 0 R ] /DR << /Font << /F1 9 0 R >> >> /DA (/F1 12 Tf 0 g) >>'
  const grown = (pdf: Uint8Array): Buffer => {
    const number = PdfFile.open(pdf).size
    const font = '<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>'
    const text = replaced(pdf, numbers.form, '/F1 9 0 R', `/F1 9 0 R /F9 ${number} 0 R`)
    return withUpdate(pdf, { [numbers.form]: text, [number]: font })
  }

  it('may get a font for a seal', async () => {
    expect(await firstVerdict(grown(await onPageTwo(plainDocument({ [numbers.form]: fonts }))))).toBe('valid')
  })

  it('gets none that a viewer would draw a sealed field with', async () => {
    const field = `<< /Type /Annot /Subtype /Widget /FT /Tx /T (amount) /V (100) /DA (/F9 12 Tf 0 g) /Rect [ 72 600 272 620 ] /P 3 0 R >>`
    const pdf = await onPageTwo(plainDocument({ [numbers.form]: fonts, [numbers.textField]: field }))
    await expectTold(grown(pdf))
  })
})

describe('a seal that was taken out', () => {
  it('is not lost among a thousand that only seem to be seals', async () => {
    const junk = '/ByteRange [ 0 1 2 3 ] '.repeat(1001)
    const pdf = await onPageTwo(plainDocument({ [numbers.unused]: contentStream(junk) }))
    const file = PdfFile.open(pdf)
    const [field] = numbersOf(pdf, /\/FT \/Sig/)
    if (field === undefined) throw new Error('no seal')
    const without = withUpdate(pdf, {
      [numbers.form]: objectText(pdf, numbers.form).replace(`${field} 0 R`, ''),
      [numbers.secondPage]: objectText(pdf, numbers.secondPage).replace(`${field} 0 R`, ''),
    })
    expect(PdfFile.open(without).size).toBe(file.size)
    const found = await checkSealed((await sealed(without, { page: 1, xMm: 20, yMm: 200 })).pdf)
    expect(found.verdict.verdict).toBe('invalid')
  })
})

describe('a later seal does not cover what was sealed', () => {
  const ink = '/Resources << /ExtGState << /Ink << /BM /Multiply >> >> >>'

  it.each([
    ['names its ink before a number', '/Ink 5 gs 1 g 0 0 99 99 re f'],
    ['sets an ink without a name', 'q /Ink gs Q gs 1 g 0 0 99 99 re f'],
    ['names its ink for another operator', '/Ink BMC gs 1 g 0 0 99 99 re f'],
    ['paints with a pattern', '/Ink gs /Pattern cs /P1 scn 0 0 99 99 re f'],
  ])('with a look that only seems to darken: it %s', async (_, content) => {
    const found = await checkSealed(
      await sealedByHand(await onPageTwo(plainDocument()), { look: formStream(content, ink) }),
    )
    expect([found.toSee.length, found.verdict.verdict]).toEqual([1, 'changed'])
  })

  it('on a page whose unit makes it nothing', async () => {
    const page = '<< /Type /Page /Parent 2 0 R /Contents 6 0 R /Annots [ 12 0 R ] /UserUnit 50 0 R >>'
    const tiny = `0.${'0'.repeat(310)}1`
    const pdf = await onPageTwo(plainDocument({ [numbers.firstPage]: page, 50: tiny }))
    const found = await checkSealed(await sealedByHand(pdf, { look: formStream('1 1 1 rg 0 0 100 100 re f') }))
    expect(found.verdict.seals[0]?.changes).toMatchObject([{ kind: 'hidden-content', allowed: false }])
  })

  const slot = 30
  const withSlot = (more = '', resources = '/XObject << /Im 11 0 R >>') =>
    plainDocument({
      [numbers.form]: `<< /Fields [ 12 0 R ${slot} 0 R ] /DR << /Font << /F1 9 0 R >> >> /DA (/F1 12 Tf 0 g) >>`,
      [numbers.firstPage]: `<< /Type /Page /Parent 2 0 R /Contents 6 0 R /Annots [ 12 0 R ${slot} 0 R ] >>`,
      [numbers.resources]: `<< /Font << /F1 9 0 R >> ${resources} >>`,
      [slot]: `<< /Type /Annot /Subtype /Widget /FT /Sig /T (Slot) /Rect [ 60 650 160 720 ] /F 132 /P 3 0 R ${more} >>`,
    })

  const filled = async (pdf: Uint8Array, more: Readonly<Record<number, string>>, keys = '') => {
    const value = PdfFile.open(pdf).size + 10
    const text = replaced(pdf, slot, '/T (Slot)', `/T (Slot) /V ${value} 0 R /AP << /N ${value + 1} 0 R >> ${keys}`)
    const look = formStream('1 1 1 rg 0 0 100 100 re f')
    return withSealByHand(pdf, value, { [slot]: text, [value + 1]: look, ...more }, { sign })
  }

  it('in a slot that is put on a second page as well', async () => {
    const pdf = await onPageTwo(withSlot())
    const second = replaced(pdf, numbers.thirdPage, '/Type /Page', `/Type /Page /Annots [ ${slot} 0 R ]`)
    const found = await checkSealed(await filled(pdf, { [numbers.thirdPage]: second }))
    expect(found.toSee).toEqual([])
    expect(found.verdict.seals[0]?.changes).toMatchObject([{ kind: 'hidden-content', allowed: false }])
  })

  it('in a slot that serves as a list of resources too', async () => {
    const pdf = await onPageTwo(withSlot('', `/XObject ${slot} 0 R`))
    const found = await checkSealed(await filled(pdf, {}, '/M 13 0 R'))
    const [first] = found.verdict.seals
    expect(first?.changes.filter(({ allowed, kind }) => !allowed && kind === 'other').length).toBeGreaterThan(0)
  })
})

/** An update with a cross-reference stream. */
function withStreamSection(
  pdf: Buffer,
  objects: Readonly<Record<number, string>>,
  types: Readonly<Record<number, readonly [bigint, number, number]>> = {},
): Buffer {
  const file = PdfFile.open(pdf)
  let body = ''
  const rows: [number, bigint, number, number][] = Object.entries(types).map(([n, [a, b, c]]) => [Number(n), a, b, c])
  for (const [number, text] of Object.entries(objects)) {
    rows.push([Number(number), 1n, pdf.length + body.length, 0])
    body += `${number} 0 obj\n${text}\nendobj\n`
  }
  const own = file.size
  const start = pdf.length + body.length
  rows.push([own, 1n, start, 0])
  const data = Buffer.concat(
    rows.map(([, kind, second, third]) => {
      const row = Buffer.alloc(14)
      row.writeBigUInt64BE(kind, 0)
      row.writeUInt32BE(second, 8)
      row.writeUInt16BE(third, 12)
      return row
    }),
  )
  const packed = deflateSync(data)
  const index = rows.map(([number]) => `${number} 1`).join(' ')
  const dict = `<< /Type /XRef /Size ${own + 1} /Root ${file.catalogRef} /Prev ${file.crossReferences.offset} /W [ 8 4 2 ] /Index [ ${index} ] /Filter /FlateDecode /Length ${packed.length} >>`
  const head = Buffer.from(`${body}${own} 0 obj\n${dict}\nstream\n`, 'latin1')
  return Buffer.concat([pdf, head, packed, Buffer.from(`\nendstream\nendobj\nstartxref\n${start}\n%%EOF\n`)])
}

describe('a cross-reference stream of an update', () => {
  it('is doubtful where it holds entries of a kind that is not defined', async () => {
    const pdf = Buffer.from((await sealed(fixture('pdf-lib-object-streams.pdf'))).pdf)
    expect(await firstVerdict(withStreamSection(pdf, {}))).toBe('valid')
    await expectTold(withStreamSection(pdf, {}, { [PdfFile.open(pdf).size + 5]: [4_294_967_297n, 1000, 0] }))
  })
})
