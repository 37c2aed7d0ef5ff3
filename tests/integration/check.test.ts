import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { migrate } from '../../central/migrations/index.ts'
import { readOwner, requestOverSocket } from '../../main/wire/local/private-socket.ts'
import type { SyncStatus } from '../../preload/contract/views.ts'
import { enrolledStation, officeToken, receivedCase, startCentre, type TestStation } from '../helpers/centre.ts'
import { describeOnEachDatabase } from '../helpers/centre-databases.ts'
import { type DeskUnderTest, freshFolder, loginTraining, removeFolder, startDesk } from '../helpers/desk.ts'
import { readyDraft } from '../helpers/intake.ts'

describeOnEachDatabase('the check of a receipt', migrate, (centre) => {
  const number = '440282104208-7-20260302-0001'
  let station: TestStation
  let stranger: TestStation
  let caseId: string
  let hash: string

  const check = async (query: string) => {
    const reply = await fetch(`${centre.url}/check${query}`)
    return { status: reply.status, headers: reply.headers, html: await reply.text() }
  }
  const titleOf = async (query: string) => {
    const { status, html } = await check(query)
    return `${status} ${/<title>(.*?) · /.exec(html)?.[1] ?? html}`
  }
  const push = async (sender: TestStation, from = 1) => {
    const client = sender.client(centre.url)
    await client.push(sender.batch(from))
    client.close()
  }

  beforeAll(async () => {
    station = await enrolledStation(centre.database, centre.url, '440282104208-7')
    stranger = await enrolledStation(centre.database, centre.url, '440282104208-8')
    caseId = station.receive(number)
    hash = station.head.hash
    await push(station)
    stranger.receive('440282104208-7-20260302-0002')
    await push(stranger)
  })

  test('a receipt that is the centre’s own: when it was received, where it stands, and that it is for training', async () => {
    const { status, html } = await check(`?n=${number}&h=${hash}`)
    expect({
      status,
      words: ['凭证相符', '2026年3月2日 09:02', '尚未决定是否受理', '演练凭证', number, hash].filter(
        (word) => !html.includes(word),
      ),
    }).toEqual({ status: 200, words: [] })
  })

  test('a decision of the office is told in words', async () => {
    await fetch(`${centre.url}/v1/office/cases/${caseId}/decisions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${officeToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ decision: 'accepted', reason: '', officer: '测试员' }),
    })
    expect((await check(`?n=${number}&h=${hash}`)).html).toContain('<dd>已受理</dd>')
  })

  test('another paper is called by its name, and is said to be right only once its record has arrived', async () => {
    const query = `?n=${number}&h=${hash}&p=acceptance`
    const whole = async (asked: string) => {
      const { html } = await check(asked)
      return [/<title>(.*?)<\/title>/.exec(html)?.[1], /<p class="training">(.*?)：/.exec(html)?.[1]]
    }
    expect(await whole(query)).toEqual(['中心还没有这份受理通知书 · 核对受理通知书', '演练受理通知书'])
    station.append({
      kind: 'document.made',
      version: 2,
      subject: caseId,
      payload: {
        ...{ documentId: randomUUID(), caseId, kind: 'acceptance', quotesSeq: 1, quotesHash: hash, unprintable: [] },
        file: { sha256: 'b'.repeat(64), name: '受理通知书.pdf', mediaType: 'application/pdf', sizeBytes: 9 },
        ...{ asOfUtc: '2026-03-03T01:02:03.004Z', template: null, templateFailed: '' },
      },
    })
    await push(station, station.entries.length)
    expect([await whole(query), await whole(`?n=${number}&h=${hash}&p=closing`)]).toEqual([
      ['受理通知书相符 · 核对受理通知书', '演练受理通知书'],
      ['中心还没有这份办结通知书 · 核对办结通知书', '演练办结通知书'],
    ])
    expect(await whole(`?n=${number}&h=${hash}&p=nonsense`)).toEqual(['凭证相符 · 核对收件凭证', '演练凭证'])
  })

  test('another hash is suspicious, and tells nothing of the case', async () => {
    const { html } = await check(`?n=${number}&h=${'0'.repeat(64)}`)
    expect(html).toContain('校验码不符，可疑')
    for (const word of ['2026年', '受理', '高龄津贴', hash]) expect(html).not.toContain(word)
  })

  test('a number that has not arrived, or that another station made up, may still be on its way', async () => {
    const titles = await Promise.all([
      titleOf(`?n=440282104208-7-20260302-9999&h=${hash}`),
      titleOf(`?n=440282104208-7-20260302-0002&h=${stranger.head.hash}`),
    ])
    expect(titles).toEqual(Array(2).fill('200 中心还没有这个办件'))
  })

  test.each([
    '',
    '?n=1&h=2',
    `?n=${number}`,
    `?n=${number}&h=${'g'.repeat(64)}`,
    `?n=${number}&n=${number}&h=${'0'.repeat(64)}`,
    `?n=%3Cscript%3Ealert(1)%3C/script%3E&h=${'0'.repeat(64)}`,
    `?n=${number}%00&h=${'0'.repeat(64)}`,
    `?n=${'4'.repeat(9000)}&h=${'0'.repeat(64)}`,
  ])('an address that is none is told so in words: %.60s', async (query) => {
    const { status, html } = await check(query)
    expect({ status, told: html.includes('这个地址不完整'), echoed: html.includes('alert(1)') }).toEqual({
      status: 400,
      told: true,
      echoed: false,
    })
  })

  test('keys that a messenger adds to the address do no harm', async () => {
    expect(await titleOf(`?n=${number}&h=${hash}&from=singlemessage`)).toBe('200 凭证相符')
  })

  test('the page holds no personal data, no script, and a policy that lets nothing in but its own style', async () => {
    const { headers, html } = await check(`?n=${number}&h=${hash}`)
    const { applicant, matterName } = receivedCase(caseId, number)
    for (const secret of [applicant.name, applicant.idNumber, applicant.phone, matterName, '<script'])
      expect(html).not.toContain(secret)
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/=]{44}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
    )
    expect(headers.get('cache-control')).toBe('no-store')
  })
})

const tools = ['pdftoppm', 'zbarimg'].filter((tool) => spawnSync(tool, ['--help']).error !== undefined)

/** What the QR codes of a PDF's first page say. */
function codesOf(pdf: Buffer, folder: string): string[] {
  const file = join(folder, 'receipt.pdf')
  writeFileSync(file, pdf)
  const picture = join(folder, 'receipt')
  expect(spawnSync('pdftoppm', ['-r', '150', '-f', '1', '-singlefile', '-png', file, picture]).status).toBe(0)
  const words = ['--quiet', '--raw', '-Sdisable', '-Sqrcode.enable', `${picture}.png`]
  const { stdout } = spawnSync('zbarimg', words, { encoding: 'utf8' })
  return stdout.split('\n').filter((line) => line !== '')
}

async function documentBytes(desk: DeskUnderTest, documentId: string, sessionId: string): Promise<Buffer> {
  const owner = readOwner(desk.dataFolder)
  if (owner === undefined) throw new Error('no owner')
  const headers = { authorization: `Bearer ${owner.token}`, 'x-session': sessionId }
  const path = `/bytes/documents/${documentId}.pdf`
  const reply = await requestOverSocket({ socketPath: owner.socketPath, method: 'GET', path, headers })
  const parts: Buffer[] = []
  for await (const part of reply.body) parts.push(part)
  return Buffer.concat(parts)
}

async function untilSynced(desk: DeskUnderTest, sessionId: string): Promise<void> {
  const events = await desk.events()
  const isDone = ({ online, unsentEntries }: SyncStatus) => online && unsentEntries === 0
  while (!isDone(await desk.ask('sync.status', {}, sessionId))) await events.next('sync')
  events.stop()
}

const lacks =
  tools.length === 0 ? '' : `: skipped, ${tools.join(', ')} not on this machine (Debian: poppler-utils, zbar-tools)`
test.skipIf(lacks !== '')(`the QR code on a receipt leads to the centre's own word on it${lacks}`, async () => {
  const folder = freshFolder()
  const centre = await startCentre(folder)
  const desk = await startDesk(folder, [
    '--training',
    '--cheap-pins',
    '--centre-url',
    centre.url,
    '--centre-data',
    folder,
  ])
  try {
    const { sessionId } = await loginTraining(desk)
    await untilSynced(desk, sessionId)
    const draftId = await readyDraft(desk, sessionId, 1)
    const { caseId, localNumber, hash } = await desk.ask('drafts.receive', { draftId }, sessionId)
    const { documentId } = await desk.ask('documents.receipt', { caseId }, sessionId)
    const codes = codesOf(await documentBytes(desk, documentId, sessionId), folder)
    expect(codes).toEqual([`${centre.url}/check?n=${localNumber}&h=${hash}`])
    await untilSynced(desk, sessionId)
    const page = await (await fetch(codes[0] ?? '')).text()
    expect(page).toContain('凭证相符')
    expect(page).toContain('演练凭证')
  } finally {
    await desk.kill('SIGTERM')
    await centre.kill('SIGTERM')
    removeFolder(folder)
  }
})
