import fc from 'fast-check'
import { PDFDict } from 'pdf-lib'
import { describe, expect, it } from 'vitest'
import { emptySlots, PdfFile, type SealedPdf, type SealRequest, sealPdf, sealRecords } from '../../main/pdf/index.ts'
import { appearance, fixture, now, sealed, trainingSigner } from '../helpers/seals.ts'
import { pagesOf, pdfOf } from '../helpers/small-pdf.ts'

const slots = [
  { place: { page: 1, xMm: 20, yMm: 40 }, name: '镇政府' },
  { place: { page: 2, xMm: 120, yMm: 140 }, sizeMm: 30 },
]

async function seal(pdf: Uint8Array, request: Partial<SealRequest> = {}): Promise<SealedPdf> {
  const { signer } = await trainingSigner()
  return sealPdf({ pdf, signer, appearance, now, ...request })
}

const certified = (name = 'pdf-lib-table.pdf') => seal(fixture(name), { certify: { slots } })
const intoSlot = (pdf: Uint8Array, field: string, request: Partial<SealRequest> = {}) =>
  seal(pdf, { target: { kind: 'slot', field }, ...request })

/** One A4 page with an empty signature field `Sign`, its dictionary extended by `entries`. */
function pageWithSlot(entries: string, rect = '[ 100 200 300 260 ]', page = ''): Buffer {
  const [catalogue = '', tree = ''] = pagesOf(1, '/AcroForm << /Fields [ 4 0 R ] /SigFlags 3 >>')
  return pdfOf([
    catalogue,
    tree,
    `<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 595 842 ] /Annots [ 4 0 R ] ${page} >>`,
    `<< /Type /Annot /Subtype /Widget /FT /Sig /T (Sign) /F 4 /Rect ${rect} ${entries} >>`,
  ])
}

/** The objects that the file's last update wrote, by number. */
const lastUpdate = (before: Uint8Array, after: Uint8Array): number[] =>
  Array.from(
    Buffer.from(after)
      .toString('latin1', before.length)
      .matchAll(/^(\d+) \d+ obj$/gm),
    ([, n]) => Number(n),
  )

describe('certifying', () => {
  it.each(['pdf-lib-table.pdf', 'pdf-lib-object-streams.pdf', 'pdf-lib-form.pdf'])(
    'lays the slots of %s where they were asked for, as large as asked for',
    async (name) => {
      const { pdf } = await certified(name)
      const found = emptySlots(PdfFile.open(pdf)).map((slot) => ({
        ...slot,
        ...Object.fromEntries(
          (['xMm', 'yMm', 'widthMm', 'heightMm'] as const).map((key) => [key, Math.round(slot[key] * 100) / 100]),
        ),
      }))
      expect(found).toEqual([
        { field: '镇政府', page: 1, xMm: 20, yMm: 40, widthMm: 42, heightMm: 42 },
        { field: 'Slot1', page: 2, xMm: 120, yMm: 140, widthMm: 30, heightMm: 30 },
      ])
    },
  )

  it('lays a slot where it was asked for on pages that are turned, cropped, or in units of their own', async () => {
    const millimetre = fc.integer({ min: 0, max: 100 })
    const square = fc.record({
      page: fc.integer({ min: 1, max: 4 }),
      xMm: millimetre,
      yMm: millimetre,
      sizeMm: fc.integer({ min: 10, max: 60 }),
    })
    await fc.assert(
      fc.asyncProperty(square, async ({ sizeMm, ...place }) => {
        const request = { certify: { slots: [{ place, sizeMm }] } }
        const { pdf } = await seal(fixture('pdf-lib-turned.pdf'), request)
        const [found] = emptySlots(PdfFile.open(pdf))
        const close = (value: number | undefined, wanted: number) => Math.abs((value ?? Number.NaN) - wanted) < 0.001
        return (
          found?.page === place.page &&
          close(found.xMm, place.xMm) &&
          close(found.yMm, place.yMm) &&
          close(found.widthMm, sizeMm) &&
          close(found.heightMm, sizeMm)
        )
      }),
      { numRuns: 40 },
    )
  })

  it('allows to sign what is there and nothing more (DocMDP, P=2), named in the catalogue', async () => {
    const { pdf } = await certified()
    const file = PdfFile.open(pdf)
    const permissions = file.dict(file.catalog, 'Perms')
    const certification = permissions && file.dict(permissions, 'DocMDP')
    expect(String(certification)).toContain('/ETSI.CAdES.detached')
    expect(String(certification)).toMatch(
      /\/Reference \[ <<\s*\/Type \/SigRef\s*\/TransformMethod \/DocMDP\s*\/TransformParams <<\s*\/P 2\s*\/Type \/TransformParams\s*\/V \/1\.2\s*>>\s*>> \]/,
    )
  })

  it('is refused once somebody has sealed', async () => {
    const { pdf } = await sealed(fixture('pdf-lib-table.pdf'))
    await expect(seal(pdf, { certify: { slots } })).rejects.toMatchObject({ code: 'SEAL_CERTIFY_TOO_LATE' })
  })

  it.each([
    ['a slot on a page that is not there', [{ place: { page: 9, xMm: 1, yMm: 1 } }], 'PDF_PAGE_NOT_FOUND'],
    ['a slot off the page', [{ place: { page: 1, xMm: 900, yMm: 1 } }], 'INPUT_INVALID'],
    ['a slot of no size', [{ place: { page: 1, xMm: 1, yMm: 1 }, sizeMm: 0 }], 'INPUT_INVALID'],
    ['a name with a full stop', [{ place: { page: 1, xMm: 1, yMm: 1 }, name: 'a.b' }], 'INPUT_INVALID'],
    ['two slots of one name', [slots[0], slots[0]].flatMap((slot) => slot ?? []), 'INPUT_INVALID'],
  ])('refuses %s', async (_, wrong, code) => {
    await expect(seal(fixture('pdf-lib-table.pdf'), { certify: { slots: wrong } })).rejects.toMatchObject({ code })
  })

  it('keeps a new field out afterwards, and says which slots are open', async () => {
    const first = await certified()
    await expect(sealed(first.pdf)).rejects.toMatchObject({
      code: 'PDF_CERTIFIED_NO_CHANGES',
      details: { permission: 2, slots: ['镇政府', 'Slot1'] },
    })
    const second = await intoSlot(first.pdf, 'Slot1')
    await expect(seal(second.pdf, { target: { kind: 'seam' } })).rejects.toMatchObject({
      code: 'PDF_CERTIFIED_NO_CHANGES',
      details: { permission: 2, slots: ['镇政府'] },
    })
  })
})

describe('sealing into a slot', () => {
  it('writes the field again and nothing else that was there', async () => {
    const before = await certified()
    const after = await intoSlot(before.pdf, 'Slot1')
    const [old, file] = [PdfFile.open(before.pdf), PdfFile.open(after.pdf)]
    const rewritten = lastUpdate(before.pdf, after.pdf).filter((number) => number < old.size)
    expect(rewritten).toHaveLength(1)
    const [field, signed] = [old, file].map((revision) => dictionaryOf(revision, rewritten[0] ?? 0))
    expect([...(signed?.keys() ?? [])].filter((key) => signed?.get(key) !== field?.get(key)).map(String)).toEqual([
      '/AP',
      '/V',
    ])
  })

  it('leaves the form of a certified file as it is, even where its /SigFlags say less than they should', async () => {
    const text = Buffer.from((await certified()).pdf)
      .toString('latin1')
      .replace('/SigFlags 3', '/SigFlags 1')
    const before = Buffer.from(text, 'latin1')
    const after = await intoSlot(before, 'Slot1')
    const { size } = PdfFile.open(before)
    expect(lastUpdate(before, after.pdf).filter((number) => number < size)).toHaveLength(1)
  })

  it('is told by the field that was signed, and where the seal stands', async () => {
    const { pdf } = await certified()
    const second = await intoSlot(pdf, 'Slot1')
    const third = await intoSlot(second.pdf, '镇政府')
    expect(sealRecords(PdfFile.open(third.pdf)).map(({ field }) => field)).toEqual(['Seal1', '镇政府', 'Slot1'])
    expect([second.field, second.place.page, Math.round(second.place.xMm)]).toEqual(['Slot1', 2, 120])
    expect(emptySlots(PdfFile.open(third.pdf))).toEqual([])
  })

  it.each([
    ['upright', '', { xMm: 35.28 + 24.69, yMm: 205.32 }],
    ['turned by 90 degrees', '/Rotate 90', { xMm: 70.56, yMm: 35.28 + 24.69 }],
    ['turned by 180 degrees', '/Rotate 180', { xMm: 104.07 + 24.69, yMm: 70.56 }],
    ['turned by 270 degrees', '/Rotate 270', { xMm: 205.32, yMm: 104.07 + 24.69 }],
    ['in units of two points', '/UserUnit 2', { xMm: 2 * 35.28 + 49.39, yMm: 2 * 205.32 }],
  ])('puts the seal in the middle of a slot that is wider than high, on a page %s', async (_, page, expected) => {
    const { place } = await intoSlot(pageWithSlot('', '[ 100 200 300 260 ]', page), 'Sign')
    expect([place.xMm, place.yMm].map(Math.round)).toEqual([expected.xMm, expected.yMm].map(Math.round))
  })

  it('draws the seal no larger than it is in a slot that has room to spare', async () => {
    const { pdf } = await intoSlot(pageWithSlot('', '[ 100 200 400 500 ]'), 'Sign')
    const side = (300 * 25.4) / 72
    const margin = ((side - 42) / 2) * (72 / 25.4)
    const box = /\/BBox \[ (-?[\d.]+) (-?[\d.]+) ([\d.]+) ([\d.]+) \]/.exec(Buffer.from(pdf).toString('latin1')) ?? []
    expect(box.slice(1).map((value) => Number(value).toFixed(2))).toEqual(
      [-margin, -margin, 300 - margin, 300 - margin].map((value) => value.toFixed(2)),
    )
  })

  it.each([
    ['no such field', pageWithSlot(''), 'Other'],
    ['a hidden field', Buffer.from(pageWithSlot('').toString('latin1').replace('/F 4', '/F 2'), 'latin1'), 'Sign'],
    ['a field without a size', pageWithSlot('', '[ 0 0 0 0 ]'), 'Sign'],
  ])('is refused where there is %s', async (_, pdf, field) => {
    await expect(intoSlot(pdf, field)).rejects.toMatchObject({ code: 'SEAL_PLACE_UNKNOWN', details: { field } })
  })

  it('is refused where somebody has sealed before', async () => {
    const once = await intoSlot(pageWithSlot(''), 'Sign')
    await expect(intoSlot(once.pdf, 'Sign')).rejects.toMatchObject({ code: 'SEAL_PLACE_UNKNOWN' })
  })
})

describe('a new field', () => {
  it('takes no name that a field or a group of fields has', async () => {
    const [catalogue = '', tree = '', page = ''] = pagesOf(1, '/AcroForm << /Fields [ 4 0 R 6 0 R ] >>')
    const group = [
      '<< /T (Seal1) /Kids [ 5 0 R ] >>',
      '<< /T (name) /FT /Tx /Parent 4 0 R >>',
      '<< /T (Seal2) /FT /Tx >>',
    ]
    expect((await seal(pdfOf([catalogue, tree, page, ...group]))).field).toBe('Seal3')
  })

  it('is told in /SigFlags, also where the slot was laid by a form that had none', async () => {
    const text = pageWithSlot('').toString('latin1').replace('/SigFlags 3', '/SigFlags 0')
    const { pdf } = await intoSlot(Buffer.from(text, 'latin1'), 'Sign')
    const file = PdfFile.open(pdf)
    const form = file.dict(file.catalog, 'AcroForm')
    expect(form && file.number(form, 'SigFlags')).toBe(3)
  })
})

describe('the demands of a slot', () => {
  it.each([
    ['another signature format', '/SubFilter [ /adbe.x509.rsa_sha1 ] /Ff 2', 'SubFilter'],
    ['another digest', '/DigestMethod [ (SHA512) ] /Ff 64', 'DigestMethod'],
    ['another handler', '/Filter /Other.Handler /Ff 1', 'Filter'],
    ['one of its own reasons', '/Reasons [ (Approved) ] /Ff 8', 'Reasons'],
    ['revocation data within the signature', '/AddRevInfo true /Ff 32', 'AddRevInfo'],
    ['that it certifies', '/MDP << /P 2 >>', 'MDP'],
    ['a certificate of its choice', '/Cert << /Ff 1 /Subject [ (x) ] >>', 'Cert'],
    ['a time stamp', '/TimeStamp << /Ff 1 /URL (http://example.invalid) >>', 'TimeStamp'],
  ])('are refused where it wants %s', async (_, seed, demand) => {
    await expect(intoSlot(pageWithSlot(`/SV << ${seed} >>`), 'Sign')).rejects.toMatchObject({
      code: 'PDF_SLOT_DEMANDS',
      details: { field: 'Sign', demand },
    })
  })

  it.each([
    ['wishes only', '/SubFilter [ /adbe.x509.rsa_sha1 ] /DigestMethod [ (SHA512) ]'],
    [
      'demands what a seal is',
      '/Filter /Adobe.PPKLite /SubFilter [ /ETSI.CAdES.detached ] /DigestMethod [ (SHA256) ] /Ff 67',
    ],
    ['wants no certification', '/MDP << /P 0 >>'],
  ])('are met where it %s', async (_, seed) => {
    expect((await intoSlot(pageWithSlot(`/SV << ${seed} >>`), 'Sign')).field).toBe('Sign')
  })

  it('for a reason are met by the reason that it names', async () => {
    const pdf = pageWithSlot('/SV << /Reasons [ (Approved) ] /Ff 8 >>')
    expect((await intoSlot(pdf, 'Sign', { reason: 'Approved' })).field).toBe('Sign')
  })
})

describe('field locks', () => {
  it('stop every later field once all are locked', async () => {
    const { pdf } = await seal(fixture('pdf-lib-table.pdf'), { lock: 'all' })
    await expect(sealed(pdf)).rejects.toMatchObject({ code: 'PDF_FIELD_LOCKED', details: { field: 'Seal2' } })
  })

  it.each([
    ['Include', '(Sign)', true],
    ['Include', '(Other)', false],
    ['Exclude', '(Sign)', false],
    ['Exclude', '(Other)', true],
    ['All', '', true],
    ['Unknown', '(Other)', true],
  ])('written as %s [%s] of an earlier seal are respected', async (action, fields, isLocked) => {
    const plain = pageWithSlot('').toString('latin1')
    const first = await seal(Buffer.from(plain, 'latin1'), { lock: ['Sign'] })
    const text = Buffer.from(first.pdf).toString('latin1')
    // The same lock in other words: the file's own digest no longer matters here, its places must not move.
    const changed = text.replaceAll(/\/Action \/Include\s+\/Fields \[ <[^>]*> \]/g, (found) =>
      `/Action /${action} /Fields [ ${fields} ]`.padEnd(found.length),
    )
    expect(changed).toHaveLength(text.length)
    const second = intoSlot(Buffer.from(changed, 'latin1'), 'Sign')
    if (isLocked) await expect(second).rejects.toMatchObject({ code: 'PDF_FIELD_LOCKED', details: { field: 'Sign' } })
    else expect((await second).field).toBe('Sign')
  })

  it('of a slot become the locks of the seal in it', async () => {
    const lock = '/Lock << /Type /SigFieldLock /Action /Include /Fields [ (Name) ] >>'
    const { pdf } = await intoSlot(pageWithSlot(lock), 'Sign')
    const [signed = ''] = /\/Reference \[.*?\n?>> \]/s.exec(Buffer.from(pdf).toString('latin1')) ?? []
    expect(signed.replace(/\s+/g, ' ')).toContain('/TransformMethod /FieldMDP')
    expect(signed.replace(/\s+/g, ' ')).toContain('/Action /Include /Fields [ (Name) ]')
    expect(signed).toContain('/Data 1 0 R')
  })

  it('cannot be put on fields that are not there, nor on the slots laid by the same seal', async () => {
    const pdf = fixture('pdf-lib-table.pdf')
    await expect(seal(pdf, { lock: ['nobody'] })).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    await expect(seal(pdf, { lock: 'all', certify: { slots } })).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  })
})

/** Each entry of a dictionary object, written out. */
function dictionaryOf(file: PdfFile, number: number): Map<string, string> {
  const object = file.object(number)
  if (!(object instanceof PDFDict)) throw new Error(`object ${number} is no dictionary`)
  return new Map(object.entries().map(([key, value]) => [String(key), String(value)]))
}
