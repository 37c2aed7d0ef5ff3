import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PdfFile, sealPdf } from '../../main/pdf/index.ts'
import { afterLooking, type PdfCheck } from '../../main/signing/index.ts'
import { appended, type ByHand, sealedByHand } from '../helpers/foreign-seals.ts'
import { appearance, checkSealed, now, sealed, trainingSigner } from '../helpers/seals.ts'
import {
  formStream,
  numbers,
  numbersOf,
  objectText,
  plainDocument,
  replaced,
  type SealByHand,
  withUpdate,
} from '../helpers/tampering.ts'

const verdictsOf = ({ verdict }: PdfCheck): string[] => [verdict.verdict, ...verdict.seals.map((seal) => seal.verdict)]

/** A seal of ours on page 2, then one by hand on page 1. */
const firstThen = async (given: ByHand = {}): Promise<Buffer> =>
  sealedByHand(Buffer.from((await sealed(plainDocument(), { page: 2, xMm: 20, yMm: 200 })).pdf), given)

describe('a later seal', () => {
  it('of another program has to be looked at, and is valid once it was seen to hide nothing', async () => {
    const found = await checkSealed(await firstThen())
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
    const found = await checkSealed(await firstThen({ look: formStream('1 1 1 rg 0 0 100 100 re f') }))
    expect(found.verdict.seals[0]?.changes).toMatchObject([{ kind: 'hidden-content', allowed: false, page: 1 }])
  })

  it('that only darkens is harmless without a look', async () => {
    const ink = '/Resources << /ExtGState << /Ink << /BM /Multiply >> >> >>'
    const found = await checkSealed(await firstThen({ look: formStream('/Ink gs 1 0 0 rg 0 0 100 100 re f', ink) }))
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
    const found = await checkSealed(await firstThen({ look: formStream(content, resources) }))
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
    const found = await checkSealed(await firstThen(given))
    const seen = found.toSee.map((box) => ({ box, hides: false }))
    const [first] = afterLooking(found, seen).seals
    expect([first?.verdict, first?.changes.map(({ kind }) => kind)]).toEqual([
      'changed',
      expect.arrayContaining(['hidden-content']),
    ])
  })

  it('that only looks like one, on its page but in no form, makes the file invalid', async () => {
    const first = Buffer.from((await sealed(plainDocument(), { page: 2, xMm: 20, yMm: 200 })).pdf)
    const [real] = PdfFile.open(first).size > 0 ? (await checkSealed(first)).verdict.seals : []
    const number = PdfFile.open(first).size
    const copied = `<< /Type /Sig /SubFilter /ETSI.CAdES.detached /ByteRange [ ${real?.signedRange.join(' ')} ] /Contents <00> >>`
    const widget = `<< /Type /Annot /Subtype /Widget /FT /Sig /T (Seal1) /V ${number + 1} 0 R /Rect [ 0 0 0 0 ] >>`
    const page = appended(first, numbers.firstPage, 'Annots', number)
    const found = await checkSealed(
      withUpdate(first, { [numbers.firstPage]: page, [number]: widget, [number + 1]: copied }),
    )
    expect(found.verdict.verdict).toBe('invalid')
  })

  it('that brings a second widget over the text of another page is hidden content', async () => {
    const first = Buffer.from((await sealed(plainDocument(), { page: 2, xMm: 20, yMm: 200 })).pdf)
    const second = PdfFile.open(first).size + 3
    const widget = `/Kids [ ${second} 0 R ]`
    const kid = `<< /Type /Annot /Subtype /Widget /Rect [ 60 650 160 720 ] /P 5 0 R /Parent ${second - 3} 0 R /AP << /N ${second - 1} 0 R >> >>`
    const page = replaced(first, numbers.thirdPage, '/Type /Page', `/Type /Page /Annots [ ${second} 0 R ]`)
    const found = await checkSealed(await firstThen({ widget, extra: { [second]: kid, [numbers.thirdPage]: page } }))
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
    const found = await checkSealed(twice.pdf)
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
    expect(verdictsOf(await checkSealed(seam.pdf))).toEqual(['valid', 'valid', 'valid'])
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
    const { verdict, seals } = (await checkSealed(await sealedByHand(plainDocument(), given))).verdict
    expect([verdict, seals[0]?.verdict]).toEqual(
      given.subFilter === undefined ? ['invalid', 'invalid'] : ['unknown', 'unknown'],
    )
  })

  it('is valid where all that is as it should be', async () => {
    expect(verdictsOf(await checkSealed(await sealedByHand(plainDocument())))).toEqual(['valid', 'valid'])
  })

  it('is invalid after its dictionary was written again by a later revision', async () => {
    const pdf = await sealedByHand(plainDocument())
    const number = numbersOf(pdf, /\/SubFilter/)[0] ?? 0
    const moved = withUpdate(pdf, { [number]: objectText(pdf, number).replace('/Filter', '/Reason (900) /Filter') })
    expect((await checkSealed(moved)).verdict.verdict).not.toBe('valid')
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
    expect((await checkSealed(wrapped)).verdict.verdict).not.toBe('valid')
  })

  it('is invalid after anything but zeros was written behind its CMS', async () => {
    const pdf = await sealedByHand(plainDocument())
    const end = pdf.lastIndexOf('0'.repeat(100))
    pdf.write('4a61', end, 'latin1')
    expect((await checkSealed(pdf)).verdict).toMatchObject({ verdict: 'invalid', seals: [{ why: 'padding' }] })
  })

  it('is never valid after a bit of any byte that it signed was flipped', async () => {
    const pdf = Buffer.from((await sealed(plainDocument())).pdf)
    const [seal] = (await checkSealed(pdf)).verdict.seals
    const [, first = 0, second = 0, length = 0] = seal?.signedRange ?? []
    await fc.assert(
      fc.asyncProperty(fc.nat(first + length - 1), fc.integer({ min: 0, max: 7 }), async (index, bit) => {
        const at = index < first ? index : second + index - first
        const flipped = Buffer.from(pdf)
        flipped[at] = (flipped[at] ?? 0) ^ (1 << bit)
        const verdict = await checkSealed(flipped).then(
          (found) => found.verdict.verdict,
          (error) => error.code,
        )
        expect(verdict).toMatch(/^(invalid|unknown|changed|PDF_\w+)$/)
      }),
      { numRuns: 1500 },
    )
  }, 60_000)
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
    const found = await checkSealed(both.pdf)
    expect([verdictsOf(found), found.verdict.seals.map(({ kind }) => kind)]).toEqual([
      ['valid', 'valid', 'valid'],
      ['certification', 'seal'],
    ])
  })

  it('is not a new seal beside the slots', async () => {
    const pdf = Buffer.from((await certified()).pdf)
    const blank = formStream('')
    const found = await checkSealed(await sealedByHand(pdf, { look: blank }))
    expect(found.verdict.seals[0]).toMatchObject({ kind: 'certification', verdict: 'changed' })
    expect(found.verdict.seals[0]?.sentence).toContain('认证时只允许盖在预留的位置')
  })

  it('may be a filled form, which is told all the same', async () => {
    const pdf = Buffer.from((await certified()).pdf)
    const filled = withUpdate(pdf, { [numbers.textField]: replaced(pdf, numbers.textField, '/V (100)', '/V (900)') })
    const found = await checkSealed(filled)
    expect(found.verdict.verdict).toBe('changed')
    expect(found.verdict.sentence).toContain('认证时允许填写')
  })
})
