import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PdfFile, sealPdf, timestampPdf } from '../../main/pdf/index.ts'
import { afterLooking, checkPdf, type PdfCheck, timestampAuthority } from '../../main/signing/index.ts'
import { appearance, fixture, now, sealed, trainingSigner } from '../helpers/seals.ts'
import {
  formStream,
  numbers,
  numbersOf,
  objectText,
  plainDocument,
  replaced,
  type SealByHand,
  withSealByHand,
  withUpdate,
} from '../helpers/tampering.ts'
import { missingForTimestamps, startTimestampAuthority } from '../helpers/timestamp-authority.ts'

async function check(pdf: Uint8Array): Promise<PdfCheck> {
  const { seal } = await trainingSigner()
  return checkPdf(pdf, { trustedRootsPem: [seal.caPem], now })
}

const verdictsOf = ({ verdict }: PdfCheck): string[] => [verdict.verdict, ...verdict.seals.map((seal) => seal.verdict)]

async function sign(parts: readonly Uint8Array[]): Promise<Uint8Array> {
  const { signer } = await trainingSigner()
  return signer.signDetached(parts, now)
}

/** How a foreign program's seal looks and stands. */
type ByHand = SealByHand & {
  readonly rect?: string
  readonly look?: string
  readonly widget?: string
  readonly extra?: Readonly<Record<number, string>>
}

/** An object's text with one more reference at the end of an array. */
const appended = (pdf: Uint8Array, number: number, key: string, ref: number): string =>
  replaced(pdf, number, new RegExp(`(/${key} \\[[^\\]]*)\\]`), `$1${ref} 0 R ]`)

/** A seal as another program writes it: a field in the form, a widget on page 1, an appearance. */
async function sealedByHand(pdf: Uint8Array, given: ByHand = {}): Promise<Buffer> {
  const field = PdfFile.open(pdf).size
  const { rect = '[ 60 650 160 720 ]', look = formStream('1 0 0 RG 5 5 90 90 re S'), widget = '', extra = {} } = given
  const dictionary = `<< /Type /Annot /Subtype /Widget /FT /Sig /T (Foreign) /V ${field + 1} 0 R /Rect ${rect} /F 132 /P 3 0 R /AP << /N ${field + 2} 0 R >> ${widget} >>`
  const changed = {
    [numbers.firstPage]: appended(pdf, numbers.firstPage, 'Annots', field),
    [numbers.form]: appended(pdf, numbers.form, 'Fields', field),
    [field]: dictionary,
    [field + 2]: look,
    ...extra,
  }
  return withSealByHand(pdf, field + 1, changed, { ...given, sign })
}

/** A seal of ours on page 2, then one by hand on page 1. */
const firstThen = async (given: ByHand = {}): Promise<Buffer> =>
  sealedByHand(Buffer.from((await sealed(plainDocument(), { page: 2, xMm: 20, yMm: 200 })).pdf), given)

describe('a later seal', () => {
  it('of another program has to be looked at, and is valid once it was seen to hide nothing', async () => {
    const found = await check(await firstThen())
    expect(verdictsOf(found)).toEqual(['changed', 'changed', 'valid'])
    expect(found.toSee).toMatchObject([{ page: 1, revision: 3 }])
    const [box] = found.toSee
    if (box === undefined) throw new Error('nothing to see')
    expect([box.xMm, box.yMm, box.widthMm, box.heightMm].map(Math.round)).toEqual([21, 43, 35, 25])
    expect(afterLooking(found, [{ box, hides: false }]).verdict).toBe('valid')
    expect(afterLooking(found, [{ box, hides: true }])).toMatchObject({
      verdict: 'changed',
      seals: [{ changes: [{ kind: 'hidden-content' }] }, { verdict: 'valid' }],
    })
    expect(afterLooking(structuredClone(found), [{ box: structuredClone(box), hides: false }]).verdict).toBe('valid')
  })

  it('that lies opaque over the text is hidden content as long as nobody looked', async () => {
    const found = await check(await firstThen({ look: formStream('1 1 1 rg 0 0 100 100 re f') }))
    expect(found.verdict.seals[0]?.changes).toMatchObject([{ kind: 'hidden-content', allowed: false, page: 1 }])
  })

  it('that only darkens is harmless without a look', async () => {
    const ink = '/Resources << /ExtGState << /Ink << /BM /Multiply >> >> >>'
    const found = await check(await firstThen({ look: formStream('/Ink gs 1 0 0 rg 0 0 100 100 re f', ink) }))
    expect([verdictsOf(found), found.toSee]).toEqual([['valid', 'valid', 'valid'], []])
  })

  it.each([
    ['paints before its ink', '1 g 0 0 9 9 re f /Ink gs', '/BM /Multiply', ''],
    ['paints after its ink was put away', 'q /Ink gs Q 1 g 0 0 9 9 re f', '/BM /Multiply', ''],
    ['has another blend mode', '/Ink gs 1 g 0 0 9 9 re f', '/BM /Screen', ''],
    ['has a soft mask', '/Ink gs 1 g 0 0 9 9 re f', '/BM /Multiply /SMask << /S /Alpha >>', ''],
    ['is a group', '/Ink gs 1 g 0 0 9 9 re f', '/BM /Multiply', '/Group << /S /Transparency >>'],
    ['draws a picture', '/Ink gs /Im Do', '/BM /Multiply', ''],
    ['has an inline picture', '/Ink gs BI /W 1 /H 1 ID x EI', '/BM /Multiply', ''],
    ['writes text', '/Ink gs BT (x) Tj ET', '/BM /Multiply', ''],
  ])('has to be looked at where it %s', async (_, content, ink, more) => {
    const resources = `/Resources << /ExtGState << /Ink << ${ink} >> >> /XObject << /Im 11 0 R >> >> ${more}`
    const found = await check(await firstThen({ look: formStream(content, resources) }))
    expect([found.toSee.length, found.verdict.verdict]).toEqual([1, 'changed'])
  })

  it.each([
    ['is larger than a seal', { rect: '[ 60 500 360 720 ]' }],
    ['stands off the page', { rect: '[ -400 650 -300 720 ]' }],
    ['shows only in print', { widget: '/F 36' }],
    ['changes its size with the zoom', { widget: '/F 12' }],
    ['changes its look under the mouse', { widget: '/AP << /N 11 0 R /R 13 0 R >>' }],
    ['acts when it is clicked', { widget: '/A << /S /JavaScript /JS (x) >>' }],
    ['belongs to a layer', { widget: '/OC 14 0 R' }],
  ])('is hidden content, looked at or not, where it %s', async (_, given) => {
    const found = await check(await firstThen(given))
    const seen = found.toSee.map((box) => ({ box, hides: false }))
    const [first] = afterLooking(found, seen).seals
    expect([first?.verdict, first?.changes.map(({ kind }) => kind)]).toEqual([
      'changed',
      expect.arrayContaining(['hidden-content']),
    ])
  })

  it('that only looks like one, on its page but in no form, makes the file invalid', async () => {
    const first = Buffer.from((await sealed(plainDocument(), { page: 2, xMm: 20, yMm: 200 })).pdf)
    const [real] = PdfFile.open(first).size > 0 ? (await check(first)).verdict.seals : []
    const number = PdfFile.open(first).size
    const copied = `<< /Type /Sig /SubFilter /ETSI.CAdES.detached /ByteRange [ ${real?.signedRange.join(' ')} ] /Contents <00> >>`
    const widget = `<< /Type /Annot /Subtype /Widget /FT /Sig /T (Seal1) /V ${number + 1} 0 R /Rect [ 0 0 0 0 ] >>`
    const page = appended(first, numbers.firstPage, 'Annots', number)
    const found = await check(withUpdate(first, { [numbers.firstPage]: page, [number]: widget, [number + 1]: copied }))
    expect(found.verdict.verdict).toBe('invalid')
  })

  it('that brings a second widget over the text of another page is hidden content', async () => {
    const first = Buffer.from((await sealed(plainDocument(), { page: 2, xMm: 20, yMm: 200 })).pdf)
    const second = PdfFile.open(first).size + 3
    const widget = `/Kids [ ${second} 0 R ]`
    const kid = `<< /Type /Annot /Subtype /Widget /Rect [ 60 650 160 720 ] /P 5 0 R /Parent ${second - 3} 0 R /AP << /N ${second - 1} 0 R >> >>`
    const page = replaced(first, numbers.thirdPage, '/Type /Page', `/Type /Page /Annots [ ${second} 0 R ]`)
    const found = await check(await firstThen({ widget, extra: { [second]: kid, [numbers.thirdPage]: page } }))
    expect(found.verdict.seals[0]?.changes.map(({ kind }) => kind)).toEqual(['hidden-content'])
  })

  it('leaves a seam seal valid, which shows a strip on each page', async () => {
    const seam = await sealPdf({
      pdf: plainDocument(),
      signer: (await trainingSigner()).signer,
      appearance,
      target: { kind: 'seam' },
      now,
    })
    const twice = await sealed(seam.pdf, { page: 1, xMm: 20, yMm: 30 })
    const found = await check(twice.pdf)
    expect([verdictsOf(found), found.toSee]).toEqual([['valid', 'valid', 'valid'], []])
    expect(found.verdict.seals[0]?.places.map(({ page, widthMm }) => [page, Math.round(widthMm)])).toEqual([
      [1, 14],
      [2, 14],
      [3, 14],
    ])
  })

  it('over the edges of all pages leaves an earlier seal valid', async () => {
    const { signer } = await trainingSigner()
    const first = await sealed(plainDocument(), { page: 1, xMm: 20, yMm: 30 })
    const seam = await sealPdf({ pdf: first.pdf, signer, appearance, target: { kind: 'seam' }, now })
    expect(verdictsOf(await check(seam.pdf))).toEqual(['valid', 'valid', 'valid'])
  })
})

describe('a seal that does not sign what it seems to', () => {
  const forged: readonly (readonly [string, SealByHand])[] = [
    ['begins behind the first byte', { range: ([, a, b, c]) => [9, a - 9, b, c] }],
    ['has a gap larger than its contents', { range: ([, a, b, c]) => [0, a - 40, b, c] }],
    ['has a gap that ends later', { range: ([, a, b, c]) => [0, a, b + 9, c - 9] }],
    ['has its gap elsewhere', { range: ([, a, b, c]) => [0, a - 9000, a - 8000, b + c - a + 8000] }],
    ['has overlapping parts', { range: ([, , b, c]) => [0, b + 20, b, c] }],
    ['has two gaps', { range: ([, a, b, c]) => [0, 100, 120, a - 120, b, c] }],
    ['ends before the end of its update', { range: ([, a, b, c]) => [0, a, b, c - 30] }],
    ['signs its first part alone', { range: ([, a, b]) => [0, a, b, 0] }],
    ['names /Contents twice', { before: '/Contents <00>' }],
    ['names /Contents twice, the second one empty', { after: '/Contents <00>' }],
    ['names /Contents in another spelling too', { after: '/Con#74ents <00>' }],
    ['names /ByteRange twice', { after: '/ByteRange [ 0 10 20 10 ]' }],
    ['names a key twice in a dictionary below', { after: '/Prop_Build << /App << /Name /A /Name /B >> >>' }],
    ['is of a format that signs a hash alone', { subFilter: 'adbe.x509.rsa_sha1' }],
  ]
  it.each(forged)('is not valid where it %s', async (_, given) => {
    const { verdict, seals } = (await check(await sealedByHand(plainDocument(), given))).verdict
    expect([verdict, seals[0]?.verdict]).toEqual(
      given.subFilter === undefined ? ['invalid', 'invalid'] : ['unknown', 'unknown'],
    )
  })

  it('is valid where all that is as it should be', async () => {
    expect(verdictsOf(await check(await sealedByHand(plainDocument())))).toEqual(['valid', 'valid'])
  })

  it('is invalid after its dictionary was written again by a later revision', async () => {
    const pdf = await sealedByHand(plainDocument())
    const number = numbersOf(pdf, /\/SubFilter/)[0] ?? 0
    const moved = withUpdate(pdf, { [number]: objectText(pdf, number).replace('/Filter', '/Reason (900) /Filter') })
    expect((await check(moved)).verdict.verdict).not.toBe('valid')
  })

  it('is invalid where another dictionary borrows its range and its contents', async () => {
    const pdf = await sealedByHand(plainDocument())
    const value = numbersOf(pdf, /\/SubFilter/)[0] ?? 0
    const field = numbersOf(pdf, /\/T \(Foreign\)/)[0] ?? 0
    const number = PdfFile.open(pdf).size
    const wrapped = withUpdate(pdf, {
      [number]: objectText(pdf, value).replace('/Filter', '/Name (Other) /Filter'),
      [field]: replaced(pdf, field, `/V ${value} 0 R`, `/V ${number} 0 R`),
    })
    expect((await check(wrapped)).verdict.verdict).not.toBe('valid')
  })

  it('is invalid after anything but zeros was written behind its CMS', async () => {
    const pdf = await sealedByHand(plainDocument())
    const end = pdf.lastIndexOf('0'.repeat(100))
    pdf.write('4a61', end, 'latin1')
    expect((await check(pdf)).verdict).toMatchObject({ verdict: 'invalid', seals: [{ why: 'padding' }] })
  })

  it('is never valid after a bit of any byte that it signed was flipped', async () => {
    const pdf = Buffer.from((await sealed(plainDocument())).pdf)
    const [seal] = (await check(pdf)).verdict.seals
    const [, first = 0, second = 0, length = 0] = seal?.signedRange ?? []
    await fc.assert(
      fc.asyncProperty(fc.nat(first + length - 1), fc.integer({ min: 0, max: 7 }), async (index, bit) => {
        const at = index < first ? index : second + index - first
        const flipped = Buffer.from(pdf)
        flipped[at] = (flipped[at] ?? 0) ^ (1 << bit)
        const verdict = await check(flipped).then(
          (found) => found.verdict.verdict,
          (error) => error.code,
        )
        expect(verdict).toMatch(/^(invalid|unknown|changed|PDF_\w+)$/)
      }),
      { numRuns: 1500 },
    )
  }, 60_000)
})

describe('a seal that somebody took out of a file', () => {
  const withoutField = (pdf: Buffer): Buffer =>
    withUpdate(pdf, { [numbers.form]: objectText(pdf, numbers.form).replace(/(12 0 R)[^\]]*\]/, '$1 ]') })

  it('is told as invalid, though no field shows it any more', async () => {
    const { pdf } = await sealed(plainDocument())
    const unlisted = withoutField(Buffer.from(pdf))
    const pages = { [numbers.thirdPage]: replaced(unlisted, numbers.thirdPage, /\/Annots \[[^\]]*\]/, '') }
    expect((await check(withUpdate(unlisted, pages))).verdict).toMatchObject({
      verdict: 'invalid',
      seals: [{ why: 'removed', verdict: 'invalid' }],
    })
  })

  it('is told as changed where the form alone does not list it any more', async () => {
    const { pdf } = await sealed(plainDocument())
    expect((await check(withoutField(Buffer.from(pdf)))).verdict).toMatchObject({
      verdict: 'changed',
      seals: [{ field: 'Seal1', changes: [{ kind: 'removed-field' }] }],
    })
  })

  it('is told where a later revision leads readers past the one that had it', async () => {
    const { pdf } = await sealed(plainDocument())
    const { offset } = PdfFile.open(plainDocument()).crossReferences
    const past = withUpdate(Buffer.from(pdf), {}, { previous: offset })
    expect((await check(past)).verdict).toMatchObject({ verdict: 'invalid', seals: [{ why: 'removed' }] })
  })

  it('is told where the last startxref leads back to an earlier revision', async () => {
    const one = await sealed(plainDocument())
    const two = await sealed(one.pdf, { page: 2, xMm: 10, yMm: 10 })
    const { offset } = PdfFile.open(one.pdf).crossReferences
    const back = Buffer.concat([two.pdf, Buffer.from(`startxref\n${offset}\n%%EOF\n`)])
    const { verdict, seals } = (await check(back)).verdict
    expect([verdict, seals.map((seal) => [seal.field, seal.verdict])]).toEqual([
      'invalid',
      [
        ['Seal1', 'changed'],
        ['', 'invalid'],
      ],
    ])
  })
})

describe('object streams and cross-reference streams of a later revision', () => {
  const packed = (pdf: Buffer): { number: number; container: number; index: number } => {
    for (const [number, entry] of PdfFile.open(pdf).crossReferences.entries) {
      if (entry.kind === 'packed') return { number, container: entry.container, index: entry.index }
    }
    throw new Error('nothing is packed')
  }

  /** An update with a cross-reference stream of the given rows: number, kind, and two fields. */
  function withStreamUpdate(
    pdf: Buffer,
    objects: Record<number, string>,
    rows: readonly (readonly number[])[],
  ): Buffer {
    const file = PdfFile.open(pdf)
    let body = ''
    const all = [...rows]
    for (const [number, text] of Object.entries(objects)) {
      all.push([Number(number), 1, pdf.length + body.length, 0])
      body += `${number} 0 obj\n${text}\nendobj\n`
    }
    const own = Math.max(file.size, ...all.map(([number = 0]) => number + 1))
    const start = pdf.length + body.length
    all.push([own, 1, start, 0])
    const data = Buffer.concat(
      all.map(([, kind = 0, second = 0, third = 0]) => {
        const row = Buffer.alloc(7)
        row.writeUInt8(kind, 0)
        row.writeUInt32BE(second, 1)
        row.writeUInt16BE(third, 5)
        return row
      }),
    )
    const index = all.map(([number]) => `${number} 1`).join(' ')
    const dict = `<< /Type /XRef /Size ${own + 1} /Root ${file.catalogRef} /Prev ${file.crossReferences.offset} /W [ 1 4 2 ] /Index [ ${index} ] /Length ${data.length} >>`
    const head = Buffer.from(`${body}${own} 0 obj\n${dict}\nstream\n`, 'latin1')
    return Buffer.concat([pdf, head, data, Buffer.from(`\nendstream\nendobj\nstartxref\n${start}\n%%EOF\n`)])
  }

  const sealedStreams = async (): Promise<Buffer> =>
    Buffer.from((await sealed(fixture('pdf-lib-object-streams.pdf'))).pdf)

  it('are told where an old number is led to another place in a sealed object stream', async () => {
    const pdf = await sealedStreams()
    const { number, container, index } = packed(pdf)
    const found = await check(withStreamUpdate(pdf, {}, [[number, 2, container, index + 1]]))
    expect(found.verdict.verdict).toBe('changed')
  })

  it('are told where a new object stream shadows an old object', async () => {
    const pdf = await sealedStreams()
    const page = PdfFile.open(pdf).pages().next().value
    const number = page === undefined ? 0 : page.ref.objectNumber
    const own = PdfFile.open(pdf).size
    const content = `${number} 0 << /Type /Page /MediaBox [ 0 0 100 100 ] >>`
    const stream = `<< /Type /ObjStm /N 1 /First ${content.indexOf('<')} /Length ${content.length} >>\nstream\n${content}\nendstream`
    const found = await check(withStreamUpdate(pdf, { [own]: stream }, [[number, 2, own, 0]]))
    expect(found.verdict.verdict).toBe('changed')
  })

  it('are told where an object stream holds one number twice', async () => {
    const pdf = await sealedStreams()
    const own = PdfFile.open(pdf).size
    const content = `${own + 1} 0 ${own + 1} 3 << >>`
    const stream = `<< /Type /ObjStm /N 2 /First ${content.indexOf('<')} /Length ${content.length} >>\nstream\n${content}\nendstream`
    const found = await check(withStreamUpdate(pdf, { [own]: stream }, [[own + 1, 2, own, 0]]))
    expect(found.verdict.seals[0]?.changes).toMatchObject([{ kind: 'hidden-content' }])
  })
})

describe('what a certification allows', () => {
  const slots = [{ place: { page: 1, xMm: 20, yMm: 40 }, name: '镇政府' }]
  const certified = async () => {
    const { signer } = await trainingSigner()
    return sealPdf({ pdf: plainDocument(), signer, appearance, certify: { slots }, now })
  }

  it('is a seal in a slot that was laid for it', async () => {
    const { signer } = await trainingSigner()
    const { pdf } = await certified()
    const both = await sealPdf({ pdf, signer, appearance, target: { kind: 'slot', field: '镇政府' }, now })
    const found = await check(both.pdf)
    expect([verdictsOf(found), found.verdict.seals.map(({ kind }) => kind)]).toEqual([
      ['valid', 'valid', 'valid'],
      ['certification', 'seal'],
    ])
  })

  it('is not a new seal beside the slots', async () => {
    const pdf = Buffer.from((await certified()).pdf)
    const blank = formStream('')
    const found = await check(await sealedByHand(pdf, { look: blank }))
    expect(found.verdict.seals[0]).toMatchObject({ kind: 'certification', verdict: 'changed' })
    expect(found.verdict.seals[0]?.sentence).toContain('认证时只允许盖在预留的位置')
  })

  it('may be a filled form, which is told all the same', async () => {
    const pdf = Buffer.from((await certified()).pdf)
    const filled = withUpdate(pdf, { [numbers.textField]: replaced(pdf, numbers.textField, '/V (100)', '/V (900)') })
    const found = await check(filled)
    expect(found.verdict.verdict).toBe('changed')
    expect(found.verdict.sentence).toContain('认证时允许填写')
  })
})

describe.skipIf(missingForTimestamps() !== '')('a document timestamp', () => {
  it('leaves the seal valid, and proves it to be older than the end of its certificate', async () => {
    const tsa = await startTimestampAuthority()
    try {
      const { seal } = await trainingSigner()
      const clock = new Date()
      const authority = timestampAuthority({ post: tsa.post, trustedRootsPem: [tsa.caPem], now: clock })
      const one = await sealed(plainDocument())
      const { pdf } = await timestampPdf({ pdf: one.pdf, authority })
      const options = {
        trustedRootsPem: [seal.caPem],
        timestampRootsPem: [tsa.caPem],
        now: new Date(clock.getTime() + 60_000),
      }
      const today = checkPdf(pdf, options).verdict
      expect([today.verdict, today.seals.map(({ kind }) => kind)]).toEqual(['valid', ['seal', 'timestamp']])
      expect(today.seals[0]?.changes).toMatchObject([{ kind: 'timestamp', allowed: true }])
      expect(today.seals[1]?.sentence).toContain('时间戳有效，证明文件在')
      const sha256 = today.seals[0]?.certificate?.sha256 ?? ''
      const tomorrow = new Date(clock.getTime() + 86_400_000).toISOString()
      const later = new Date(clock.getTime() + 2 * 86_400_000)
      const revokedLater = checkPdf(pdf, { ...options, now: later, revoked: [{ sha256, atUtc: tomorrow }] }).verdict
      const withoutProof = checkPdf(one.pdf, { ...options, now: later, revoked: [{ sha256, atUtc: tomorrow }] }).verdict
      const untrusted = checkPdf(pdf, { ...options, timestampRootsPem: [] }).verdict
      expect([revokedLater.verdict, withoutProof.verdict, untrusted.verdict]).toEqual(['valid', 'invalid', 'unknown'])
      expect(withoutProof.sentence).toContain('吊销')
    } finally {
      await tsa.stop()
    }
  })
})
