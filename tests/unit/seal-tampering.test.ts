import { describe, expect, it } from 'vitest'
import { PdfFile } from '../../main/pdf/index.ts'
import type { PdfVerdict, SealedChange } from '../../preload/contract/verification.ts'
import { checkSealed, sealed } from '../helpers/seals.ts'
import {
  contentStream,
  formStream,
  numbers,
  numbersOf,
  objectText,
  plainDocument,
  replaced,
  withUpdate,
} from '../helpers/tampering.ts'

const check = async (pdf: Uint8Array): Promise<PdfVerdict> => (await checkSealed(pdf)).verdict

/** What an attacker does to a sealed file, and as what it has to be told. */
type Attack = {
  readonly title: string
  readonly kind: SealedChange['kind']
  readonly make: (pdf: Buffer) => Buffer
}

const widgetOf = (pdf: Uint8Array): number => numbersOf(pdf, /\/FT \/Sig[\s\S]*\/Rect/)[0] ?? 0
const lookOf = (pdf: Uint8Array): number => Number(/\/N (\d+) 0 R/.exec(objectText(pdf, widgetOf(pdf)))?.[1])
const fresh = (pdf: Uint8Array): number => PdfFile.open(pdf).size
const cover = '1 1 1 rg 0 0 100 100 re f'
const onFirstPage = (pdf: Buffer, number: number): Record<number, string> => ({
  [numbers.firstPage]: replaced(pdf, numbers.firstPage, '/Annots [ 12 0 R', `/Annots [ 12 0 R ${number} 0 R`),
})

/** An annotation of a kind laid over the text of page 1. */
function overlay(subtype: string, more = ''): (pdf: Buffer) => Buffer {
  return (pdf) => {
    const number = fresh(pdf)
    const annotation = `<< /Type /Annot /Subtype /${subtype} /Rect [ 60 690 260 720 ] /F 4 /AP << /N ${number + 1} 0 R >> ${more} >>`
    return withUpdate(pdf, { ...onFirstPage(pdf, number), [number]: annotation, [number + 1]: formStream(cover) })
  }
}

const inCatalogue = (more: string) => (pdf: Buffer) =>
  withUpdate(pdf, { [numbers.catalogue]: replaced(pdf, numbers.catalogue, '/Type /Catalog', `/Type /Catalog ${more}`) })

const inObject = (number: number, part: string | RegExp, by: string) => (pdf: Buffer) =>
  withUpdate(pdf, { [number]: replaced(pdf, number, part, by) })

const attacks: readonly Attack[] = [
  {
    title: 'changed page content',
    kind: 'page-content',
    make: (pdf) => withUpdate(pdf, { [numbers.firstContent]: contentStream('BT (Amount: 900) Tj ET') }),
  },
  {
    title: 'a page that leads to other content',
    kind: 'page-content',
    make: inObject(numbers.firstPage, '/Contents 6 0 R', '/Contents 7 0 R'),
  },
  {
    title: 'content laid ready before the seal and shown after it',
    kind: 'page-content',
    make: inObject(numbers.firstPage, '/Contents 6 0 R', '/Contents 17 0 R'),
  },
  {
    title: 'content put where the sealed page refers to nothing yet',
    kind: 'hidden-content',
    make: (pdf) => withUpdate(pdf, { [numbers.missing]: contentStream('BT (More) Tj ET') }),
  },
  {
    title: 'a number that is led to another object of the sealed bytes',
    kind: 'hidden-content',
    make: (pdf) => {
      const entry = PdfFile.open(pdf).crossReferences.entries.get(numbers.unused)
      const at = entry?.kind === 'offset' ? entry.offset : 0
      // The other object under the wrong number would be damage, so its header is made to fit in the sealed file.
      return withUpdate(pdf, {}, { offsets: { [numbers.missing]: at } })
    },
  },
  {
    title: 'changed resources of the page tree',
    kind: 'pages',
    make: inObject(numbers.pageTree, '/Resources 10 0 R', '/Resources << >>'),
  },
  {
    title: 'changed shared resources',
    kind: 'page-content',
    make: inObject(numbers.resources, '/Im 11 0 R', '/Im 13 0 R'),
  },
  { title: 'a changed font', kind: 'page-content', make: inObject(numbers.font, '/Helvetica', '/Symbol') },
  {
    title: 'a changed image',
    kind: 'page-content',
    make: (pdf) => withUpdate(pdf, { [numbers.image]: formStream('0 g 0 0 1 1 re f') }),
  },
  {
    title: 'a page moved under another parent',
    kind: 'pages',
    make: inObject(numbers.firstPage, '/Parent 2 0 R', '/Parent 19 0 R'),
  },
  {
    title: 'an inserted page',
    kind: 'pages',
    make: inObject(numbers.pageTree, '[ 3 0 R', '[ 3 0 R 19 0 R'),
  },
  { title: 'a removed page', kind: 'pages', make: inObject(numbers.pageTree, '4 0 R ', '') },
  { title: 'pages in another order', kind: 'pages', make: inObject(numbers.pageTree, '3 0 R 4 0 R', '4 0 R 3 0 R') },
  {
    title: 'a turned page',
    kind: 'pages',
    make: inObject(numbers.firstPage, '/Type /Page', '/Type /Page /Rotate 180'),
  },
  {
    title: 'a cropped page',
    kind: 'pages',
    make: inObject(numbers.firstPage, '/Type /Page', '/Type /Page /CropBox [ 0 0 595 400 ]'),
  },
  { title: 'pages cropped through the tree', kind: 'pages', make: inObject(numbers.pageTree, '595 842', '595 400') },
  { title: 'a stamp laid over the text', kind: 'annotation', make: overlay('Stamp') },
  {
    title: 'a text box laid over the text',
    kind: 'annotation',
    make: overlay('FreeText', '/DA (0 g) /Contents (900)'),
  },
  {
    title: 'a field of another type laid over the text',
    kind: 'annotation',
    make: overlay('Widget', '/FT /Tx /T (x)'),
  },
  {
    title: 'a push button that joins the form',
    kind: 'other',
    make: (pdf) => {
      const number = fresh(pdf)
      const button = '<< /Type /Annot /Subtype /Widget /FT /Btn /Ff 65536 /T (b) /Rect [ 60 690 260 720 ] >>'
      const form = replaced(pdf, numbers.form, '12 0 R', `12 0 R ${number} 0 R`)
      return withUpdate(pdf, { ...onFirstPage(pdf, number), [number]: button, [numbers.form]: form })
    },
  },
  {
    title: 'a signature field laid over the text without a signature',
    kind: 'other',
    make: (pdf) => {
      const number = fresh(pdf)
      const field = `<< /Type /Annot /Subtype /Widget /FT /Sig /T (s) /Rect [ 60 690 160 720 ] /AP << /N ${number + 1} 0 R >> >>`
      const form = replaced(pdf, numbers.form, '12 0 R', `12 0 R ${number} 0 R`)
      return withUpdate(pdf, {
        ...onFirstPage(pdf, number),
        [number]: field,
        [number + 1]: formStream(cover),
        [numbers.form]: form,
      })
    },
  },
  { title: 'a changed note', kind: 'annotation', make: inObject(numbers.note, '(note)', '(paid)') },
  { title: 'a removed note', kind: 'annotation', make: inObject(numbers.secondPage, '/Annots [ 15 0 R ]', '') },
  {
    title: "a moved rectangle of the seal's widget",
    kind: 'moved-widget',
    make: (pdf) =>
      withUpdate(pdf, {
        [widgetOf(pdf)]: replaced(pdf, widgetOf(pdf), /\/Rect \[[^\]]*\]/, '/Rect [ 60 600 300 800 ]'),
      }),
  },
  {
    title: "a replaced appearance of the seal's widget",
    kind: 'appearance',
    make: (pdf) => {
      const number = fresh(pdf)
      const widget = replaced(pdf, widgetOf(pdf), /\/N \d+ 0 R/, `/N ${number} 0 R`)
      return withUpdate(pdf, { [widgetOf(pdf)]: widget, [number]: formStream(cover) })
    },
  },
  {
    title: 'a replaced appearance stream of the seal',
    kind: 'appearance',
    make: (pdf) => withUpdate(pdf, { [lookOf(pdf)]: formStream(cover) }),
  },
  {
    title: 'a hidden seal',
    kind: 'appearance',
    make: (pdf) => withUpdate(pdf, { [widgetOf(pdf)]: replaced(pdf, widgetOf(pdf), '/F 132', '/F 2') }),
  },
  {
    title: 'a replaced appearance of a form field',
    kind: 'appearance',
    make: (pdf) => withUpdate(pdf, { [numbers.textLook]: formStream('BT (900) Tj ET') }),
  },
  {
    title: 'another value of a form field, with its appearance',
    kind: 'form-fill',
    make: (pdf) =>
      withUpdate(pdf, {
        [numbers.textField]: replaced(pdf, numbers.textField, '/V (100)', '/V (900)'),
        [numbers.textLook]: formStream('BT (900) Tj ET'),
      }),
  },
  { title: 'a removed form field', kind: 'removed-field', make: inObject(numbers.form, '12 0 R ', '') },
  {
    title: 'appearances that viewers are to draw anew',
    kind: 'appearance',
    make: inObject(numbers.form, '/Fields', '/NeedAppearances true /Fields'),
  },
  {
    title: 'other shared fonts of the form',
    kind: 'appearance',
    make: inObject(numbers.form, '/DR <<', '/DR << /XObject << >>'),
  },
  {
    title: 'layers that are shown',
    kind: 'hidden-content',
    make: inObject(numbers.catalogue, '/OFF [ 14 0 R ]', '/OFF [ ]'),
  },
  { title: 'a renamed layer', kind: 'hidden-content', make: inObject(numbers.layer, '(Layer)', '(Other)') },
  {
    title: 'an action at opening',
    kind: 'other',
    make: inCatalogue('/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>'),
  },
  { title: 'an automatic action', kind: 'other', make: inCatalogue('/AA << /WC << /S /JavaScript /JS (x) >> >>') },
  {
    title: 'a script by name',
    kind: 'other',
    make: inCatalogue('/Names << /JavaScript << /Names [ (a) << /S /JavaScript /JS (x) >> ] >> >>'),
  },
  {
    title: 'an automatic action of a page',
    kind: 'other',
    make: inObject(numbers.firstPage, '/Type /Page', '/Type /Page /AA << /O << /S /JavaScript /JS (x) >> >>'),
  },
  {
    title: 'another catalogue',
    kind: 'other',
    make: (pdf) => {
      const number = fresh(pdf)
      return withUpdate(pdf, { [number]: objectText(pdf, numbers.catalogue) }, { root: `${number} 0 R` })
    },
  },
  {
    title: 'a catalogue of other pages',
    kind: 'pages',
    make: inObject(numbers.catalogue, '/Pages 2 0 R', '/Pages 19 0 R'),
  },
  { title: 'a freed object', kind: 'other', make: (pdf) => withUpdate(pdf, {}, { freed: [numbers.image] }) },
  {
    title: 'another title of the file',
    kind: 'other',
    make: (pdf) => withUpdate(pdf, { [numbers.info]: '<< /Title (Permit) >>' }, { trailer: '/Info 18 0 R' }),
  },
  {
    title: 'an object that names a key twice',
    kind: 'hidden-content',
    make: (pdf) => withUpdate(pdf, { [fresh(pdf)]: '<< /Type /Catalog /Pages 2 0 R /Pages 19 0 R >>' }),
  },
  {
    title: 'a hybrid cross-reference section',
    kind: 'hidden-content',
    make: (pdf) => {
      const number = fresh(pdf)
      const xref = `<< /Type /XRef /Size ${number + 1} /W [ 1 4 2 ] /Index [ ${number} 1 ] /Length 7 >>\nstream\n\u0001\0\0\0\0\0\0\nendstream`
      return withUpdate(pdf, { [number]: xref }, { trailer: `/XRefStm ${pdf.length}` })
    },
  },
  {
    title: 'bytes behind the last end of file',
    kind: 'other',
    make: (pdf) => Buffer.concat([pdf, Buffer.from('% more\n')]),
  },
]

/** What programs do to sealed files that shows nowhere. */
const harmless: readonly (readonly [string, readonly string[], (pdf: Buffer) => Buffer])[] = [
  [
    'data for checking was added',
    ['validation-data'],
    (pdf) => {
      const number = fresh(pdf)
      const catalogue = replaced(pdf, numbers.catalogue, '/Type', `/DSS ${number} 0 R /Type`)
      const store = `<< /Type /DSS /Certs [ ${number + 1} 0 R ] >>`
      return withUpdate(pdf, { [numbers.catalogue]: catalogue, [number]: store, [number + 1]: contentStream('x') })
    },
  ],
  [
    'data for checking was added twice',
    ['validation-data', 'validation-data'],
    (pdf) => {
      const number = fresh(pdf)
      const catalogue = replaced(pdf, numbers.catalogue, '/Type', `/DSS ${number} 0 R /Type`)
      const once = withUpdate(pdf, { [numbers.catalogue]: catalogue, [number]: '<< /Type /DSS /Certs [ ] >>' })
      const store = `<< /Type /DSS /Certs [ ${number + 1} 0 R ] /VRI << >> >>`
      return withUpdate(once, { [number]: store, [number + 1]: contentStream('x') })
    },
  ],
  [
    'an object was written again as it was',
    [],
    (pdf) => withUpdate(pdf, { [numbers.font]: '<< /Subtype /Type1 /Type /Font /BaseFont /Helvetica >>' }),
  ],
  [
    'the time of the last change was noted',
    [],
    (pdf) =>
      withUpdate(
        pdf,
        { [numbers.info]: '<< /Title (Receipt) /ModDate (D:20270101000000Z) >>' },
        { trailer: '/Info 18 0 R' },
      ),
  ],
  [
    'the version was raised for a seal of a later kind',
    [],
    inCatalogue('/Version /2.0 /Extensions << /ADBE << /BaseVersion /1.7 /ExtensionLevel 8 >> >>'),
  ],
]

describe('a sealed file that somebody changed', () => {
  it('is valid before anything was done to it', async () => {
    const { pdf } = await sealed(plainDocument())
    expect(await check(pdf)).toMatchObject({ verdict: 'valid', seals: [{ changes: [] }] })
  })

  it.each(harmless)('stays valid after %s', async (_, kinds, make) => {
    const { pdf } = await sealed(plainDocument())
    const { verdict, seals } = await check(make(Buffer.from(pdf)))
    expect([verdict, seals[0]?.changes.map(({ kind }) => kind)]).toEqual(['valid', kinds])
  })

  it.each(attacks)('is not valid after $title, which is told as $kind', async ({ kind, make }) => {
    const { pdf } = await sealed(plainDocument())
    const verdict = await check(make(Buffer.from(pdf)))
    expect(verdict.verdict).toBe('changed')
    expect(verdict.seals[0]?.changes.filter(({ allowed }) => !allowed).map((change) => change.kind)).toContain(kind)
    expect(verdict.sentence).toContain('改动')
  })

  // Bytes that nothing refers to are covered by the second seal; nobody can see them.
  it.each(attacks.filter(({ title }) => !title.startsWith('bytes behind')))(
    'stays changed when a second seal is put after $title',
    async ({ kind, make }) => {
      const { pdf } = await sealed(plainDocument())
      const again = await sealed(make(Buffer.from(pdf)), { page: 2, xMm: 10, yMm: 10 }).catch(() => undefined)
      if (again === undefined) return
      const { verdict, seals } = await check(again.pdf)
      const first = seals.find(({ field }) => field === 'Seal1')
      expect(verdict).not.toBe('valid')
      expect(first?.verdict ?? 'invalid').not.toBe('valid')
      if (first?.verdict === 'changed') expect(first.changes.map((change) => change.kind)).toContain(kind)
    },
  )
})
