import { beforeAll, describe, expect, it } from 'vitest'
import { loginTraining } from '../helpers/desk.ts'
import { bomb, endlessDrawing, manyPages } from '../helpers/hostile-pdfs.ts'
import { openDeskFor } from '../helpers/open-desk.ts'
import { overlaid } from '../helpers/overlays.ts'
import {
  finished,
  getBytes,
  paperBytes,
  putFile,
  putPaper,
  putVerification,
  sealingRequest,
  unlockSeal,
} from '../helpers/papers.ts'
import { fixture } from '../helpers/seals.ts'

const open = openDeskFor('all tests')
let documentId = ''
let sealed: Buffer

beforeAll(async () => {
  const sealId = await unlockSeal(open)
  documentId = (await putPaper(open, '证明.pdf', fixture('pdf-lib-table.pdf'))).documentId
  await finished(open, sealingRequest(sealId, [documentId]))
  sealed = await paperBytes(open, documentId)
})

const covered = () => overlaid(sealed, { page: 1, xMm: 20, yMm: 20, widthMm: 80, heightMm: 30, colour: [1, 1, 1] })

const compare = (verificationId: string, page: number, sessionId = open.sessionId) =>
  open.desk.call('verification.compare', { verificationId, seal: 0, page }, sessionId)

describe('a check', () => {
  it('calls a paper that is kept here valid, and one that was brought', async () => {
    const own = await open.desk.ask('verification.ofDocument', { documentId }, open.sessionId)
    const brought = await putVerification(open, '别人发来的.pdf', sealed)
    expect([own.verdict.verdict, brought.verdict.verdict, brought.name]).toEqual(['valid', 'valid', '别人发来的.pdf'])
    const { type, body } = await getBytes(open, `/bytes/verifications/${brought.verificationId}/file.pdf`)
    expect([type, body.equals(sealed)]).toEqual(['application/pdf', true])
  })

  it('shows what was covered after the seal: framed, and as pictures then and now', async () => {
    const { verificationId, verdict } = await putVerification(open, 'covered.pdf', covered())
    expect(verdict.verdict).not.toBe('valid')
    const result = await compare(verificationId, 1)
    expect(result).toMatchObject({ ok: true, value: { page: 1, before: true, after: true } })
    if (!result.ok) return
    expect([result.value.share > 0, result.value.boxes.length > 0]).toEqual([true, true])
    const pictures = ['before', 'after', 'difference'].map(
      (kind) => `/bytes/verifications/${verificationId}/0/1/${kind}.png`,
    )
    const bytes = await Promise.all(pictures.map((path) => getBytes(open, path)))
    expect(bytes.map(({ type }) => type)).toEqual(Array(3).fill('image/png'))
    expect(bytes[0]?.body.equals(bytes[1]?.body ?? Buffer.alloc(0))).toBe(false)
    const untouched = await compare(verificationId, 2)
    expect(untouched).toMatchObject({ ok: true, value: { share: 0, boxes: [] } })
  })

  it.each([
    ['text.pdf', Buffer.from('nothing of the kind'), 'PDF_NOT_A_PDF'],
    ['empty.pdf', Buffer.alloc(0), 'PDF_NOT_A_PDF'],
    ['locked.pdf', 'bad-encrypted.pdf', 'PDF_ENCRYPTED'],
    ['..', Buffer.from('%PDF-1.7'), 'FILE_NAME_REFUSED'],
  ])('of %s is refused with its sentence', async (name, bytes, code) => {
    const given = typeof bytes === 'string' ? fixture(bytes) : bytes
    expect(await putFile(open, 'verifications', name, given)).toMatchObject({ ok: false, error: { code } })
  })

  it('is nobody else’s, and goes when it is forgotten or its session ends', async () => {
    const first = await putVerification(open, 'a.pdf', sealed)
    const other = await loginTraining(open.desk)
    const hidden = await compare(first.verificationId, 1, other.sessionId)
    expect(hidden).toMatchObject({ error: { code: 'NOT_FOUND' } })
    await open.desk.ask('verification.forget', { verificationId: first.verificationId }, open.sessionId)
    expect(await compare(first.verificationId, 1)).toMatchObject({ error: { code: 'NOT_FOUND' } })

    const held = await putVerification({ ...open, sessionId: other.sessionId }, 'b.pdf', sealed)
    await open.desk.ask('session.lock', {}, other.sessionId)
    expect(await compare(held.verificationId, 1)).toMatchObject({ error: { code: 'NOT_FOUND' } })
  })

  it('is held for four files: the one used longest ago goes first', async () => {
    const ids: string[] = []
    for (const name of ['1.pdf', '2.pdf', '3.pdf', '4.pdf', '5.pdf']) {
      ids.push((await putVerification(open, name, sealed)).verificationId)
    }
    const answers = await Promise.all(ids.map((id) => getBytes(open, `/bytes/verifications/${id}/file.pdf`)))
    expect(answers.map(({ status }) => status)).toEqual([404, 200, 200, 200, 200])
  })

  it.each([
    ['a page that draws for ever', endlessDrawing()],
    ['a page that unpacks to 400 MB', bomb(400)],
    ['20,000 pages', manyPages(20_000)],
  ])('of %s leaves the desk answering', async (_, pdf) => {
    let isOver = false
    const check = putFile(open, 'verifications', 'hostile.pdf', pdf).finally(() => {
      isOver = true
    })
    let slowestMs = 0
    do {
      const asked = performance.now()
      await open.desk.ask('station.status', {}, open.sessionId)
      slowestMs = Math.max(slowestMs, performance.now() - asked)
    } while (!isOver)
    expect(slowestMs).toBeLessThan(2_000)
    const result = await check
    if (!result.ok) expect(result.error.code).toMatch(/^PDF_/)
  })
})
