import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCli } from '../../main/cli/index.ts'
import { readOwner, requestOverSocket } from '../../main/wire/local/private-socket.ts'
import type { Session } from '../../preload/contract/views.ts'
import { type DeskUnderTest, freshFolder, loginTraining, removeFolder, startDesk } from '../helpers/desk.ts'
import { allowance, readyDraft } from '../helpers/intake.ts'

const folder = freshFolder()
let desk: DeskUnderTest
let session: Session

async function bytes(
  path: string,
  sessionId: string | undefined,
): Promise<{ status: number; type: string; body: Buffer }> {
  const owner = readOwner(folder)
  if (owner === undefined) throw new Error('no owner')
  const headers = {
    authorization: `Bearer ${owner.token}`,
    ...(sessionId === undefined ? {} : { 'x-session': sessionId }),
  }
  const reply = await requestOverSocket({ socketPath: owner.socketPath, method: 'GET', path, headers })
  const parts: Buffer[] = []
  for await (const part of reply.body) parts.push(part)
  return { status: reply.status, type: String(reply.headers['content-type']), body: Buffer.concat(parts) }
}

/** The text of a PDF without its white space; undefined where poppler is not installed. */
function textOf(pdf: Buffer): string | undefined {
  const file = join(folder, 'read.pdf')
  writeFileSync(file, pdf)
  const { status, stdout } = spawnSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' })
  return status === 0 ? stdout.replaceAll(/\s/gu, '') : undefined
}

beforeAll(async () => {
  desk = await startDesk(folder)
  session = await loginTraining(desk)
})

afterAll(async () => {
  await desk.kill('SIGTERM')
  removeFolder(folder)
})

test('a draft that lacks things gets its 一次性告知单, to whoever is logged in only', async () => {
  const { draftId } = await desk.ask('drafts.create', { itemId: allowance.itemId }, session.sessionId)
  const path = `/bytes/drafts/${draftId}/checklist.pdf`
  const { type, body } = await bytes(path, session.sessionId)
  expect(type).toBe('application/pdf')
  expect(body.subarray(0, 5).toString('latin1')).toBe('%PDF-')
  const text = textOf(body)
  if (text !== undefined) expect(text).toContain('还缺的材料')
  const stranger = await bytes(path, undefined)
  expect(stranger.body.includes('%PDF-')).toBe(false)
})

test('a case gets its receipt by itself; the seal PIN seals it; every checker finds it valid', async () => {
  const { sessionId } = session
  const draftId = await readyDraft(desk, sessionId, 1)
  const { caseId, localNumber, hash } = await desk.ask('drafts.receive', { draftId }, sessionId)
  const waiting = await desk.ask('documents.receipt', { caseId }, sessionId)
  expect(waiting).toMatchObject({ sealed: false, waitsFor: '印章还没有解锁。', unprintable: [] })

  const { training } = await desk.ask('station.status', {}, sessionId)
  await expect(desk.ask('seals.unlock', { pin: 'wrong' }, sessionId)).rejects.toThrow('SEAL_PIN_WRONG')
  expect(await desk.ask('seals.unlock', { pin: training?.sealPin ?? '' }, sessionId)).toEqual({ sealed: 1 })
  const sealed = await desk.ask('documents.receipt', { caseId }, sessionId)
  expect(sealed).toMatchObject({ documentId: waiting.documentId, sealed: true, waitsFor: '' })

  const { body } = await bytes(`/bytes/documents/${sealed.documentId}.pdf`, sessionId)
  const file = join(folder, 'receipt.pdf')
  writeFileSync(file, body)
  const lines: string[] = []
  const io = { stdout: (line: string) => void lines.push(line), stderr: (line: string) => void lines.push(line) }
  const trust = join(folder, 'training-ca.pem')
  expect(readFileSync(trust, 'utf8')).toContain('BEGIN CERTIFICATE')
  expect(await runCli(['seal', 'verify', file, '--trust', trust], io, {})).toBe(0)
  expect(lines.join('\n')).toContain('南雄市珠玑镇珠玑村民委员会')
  const text = textOf(body)
  if (text !== undefined) for (const part of ['收件凭证', localNumber, hash, '演练']) expect(text).toContain(part)

  const { documents, timeline } = await desk.ask('cases.get', { caseId }, sessionId)
  expect(documents).toHaveLength(1)
  expect(timeline.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['document.made', 'document.sealed']))
})

test('two windows that ask at once get one receipt, sealed once', async () => {
  const { sessionId } = session
  const { caseId } = await desk.ask('drafts.receive', { draftId: await readyDraft(desk, sessionId, 2) }, sessionId)
  const answers = await Promise.all([1, 2, 3].map(() => desk.ask('documents.receipt', { caseId }, sessionId)))
  expect(new Set(answers.map(({ documentId }) => documentId)).size).toBe(1)
  const { timeline } = await desk.ask('cases.get', { caseId }, sessionId)
  expect(timeline.filter(({ kind }) => kind === 'document.sealed')).toHaveLength(1)
})

test('a document that is not there, or no name of one, is NOT_FOUND', async () => {
  for (const path of ['/bytes/documents/00000000-0000-7000-8000-000000000000.pdf', '/bytes/documents/x.pdf']) {
    const { body } = await bytes(path, session.sessionId)
    expect(JSON.parse(body.toString('utf8'))).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } })
  }
})

test('an application form is made at once and waits for no seal; a paper that is not right is refused with the state', async () => {
  const { sessionId } = session
  const { caseId } = await desk.ask('drafts.receive', { draftId: await readyDraft(desk, sessionId, 3) }, sessionId)
  const made = await desk.ask('documents.make', { caseId, kind: 'form' }, sessionId)
  expect(made).toMatchObject({ sealed: false, waitsFor: '', unprintable: [], templateFailed: '' })
  const text = textOf((await bytes(`/bytes/documents/${made.documentId}.pdf`, sessionId)).body)
  if (text !== undefined) for (const part of ['高龄津贴申请表', '申请人签名']) expect(text).toContain(part)
  await expect(desk.ask('documents.make', { caseId, kind: 'refusal' }, sessionId)).rejects.toThrow('STEP_NOT_LEGAL')
})

test('a template that is being written is shown on its page to administrators alone', async () => {
  const { sessionId } = session
  const { copyId } = await desk.ask('standards.beginBlank', { kind: 'template' }, sessionId)
  const path = `/bytes/standards/copies/${copyId}/paper.pdf`
  const text = JSON.stringify({
    kind: 'template',
    paper: 'refusal',
    title: '不予受理决定书',
    paragraphs: ['理由：{{reason}}'],
  })
  await desk.ask('standards.save', { copyId, text }, sessionId)
  const { type, body } = await bytes(path, sessionId)
  expect(type).toBe('application/pdf')
  const printed = textOf(body)
  if (printed !== undefined)
    for (const part of ['不予受理决定书', '示例', '理由：这里是中心写的理由']) expect(printed).toContain(part)
  const status = await desk.ask('station.status', {}, sessionId)
  const approver = await desk.call('session.login', status.training?.approver ?? { account: '', pin: '' })
  const refused = await bytes(path, approver.ok ? approver.value.sessionId : undefined)
  expect(JSON.parse(refused.body.toString('utf8'))).toMatchObject({ ok: false, error: { code: 'NOT_ALLOWED' } })
})
