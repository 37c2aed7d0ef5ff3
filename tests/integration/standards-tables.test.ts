// Owns: files of standards over the desk's real socket: brought, looked at, taken over, written; every bad file in one sentence.
// Does not own: the formats (unit/standards-workbook*.test.ts), the window (e2e/standards-tables.spec.ts).
// Start here: the first test.
import { expect, test } from 'vitest'
import { exportJson, exportWorkbook } from '../../main/standards/workbook/index.ts'
import { makeZip } from '../../main/standards/workbook/package/write-zip.ts'
import { openWorkbook } from '../../main/standards/workbook/sheets/read-workbook.ts'
import type { CallInput } from '../../preload/contract/api.ts'
import { sentenceFor } from '../../preload/contract/sentences.ts'
import { kindOf } from '../../preload/contract/standards/documents.ts'
import type { FoundDocument, TableImport } from '../../preload/contract/standards/tables.ts'
import { openDeskFor } from '../helpers/open-desk.ts'
import { sampleJson, sampleTexts } from '../helpers/standards.ts'
import { lyingZip, typed, withCells, withParts } from '../helpers/workbooks.ts'

const opened = openDeskFor('all tests')
const ask: typeof opened.desk.ask = (name, input) => opened.desk.ask(name, input, opened.sessionId)
const headers = () => ({ 'x-session': opened.sessionId })

/** Puts a file; the failure's sentence, or undefined. */
async function put(name: string, bytes: Buffer, more: Record<string, string> = {}): Promise<string | undefined> {
  const path = `/bytes/standards?${new URLSearchParams({ name })}`
  const { text } = await opened.desk.raw('PUT', path, { headers: { ...headers(), ...more }, body: bytes })
  const reply = JSON.parse(text)
  return reply.ok ? undefined : sentenceFor(reply.error.code, reply.error.details).title
}
const look = async (...files: [string, Buffer][]): Promise<TableImport> => {
  await ask('standards.dropTables', {}, '')
  for (const [name, bytes] of files) expect(await put(name, bytes)).toBeUndefined()
  return (await ask('standards.readTables', {}, '')).found
}
/** What the window fetches and saves. */
async function write(input: CallInput<'standards.writeTables'>) {
  const told = await ask('standards.writeTables', input, '')
  return { ...told, bytes: await opened.desk.get(`/bytes/standards/${told.fileId}`, opened.sessionId) }
}
const short = ({ id, state, copy }: FoundDocument) => `${id} ${state}${copy === null ? '' : ` ${copy.state}`}`
const wish = ({ key, copy }: FoundDocument) => ({
  key,
  replaces: copy && { copyId: copy.copyId, revision: copy.revision },
})
const codeOf = async (documents: ReturnType<typeof wish>[]) => {
  const result = await opened.desk.call('standards.takeTables', { documents }, opened.sessionId)
  return result.ok ? 'done' : result.error.code
}

test('gives a release as a workbook, takes it in again without a difference, and shows one changed cell as one change', async () => {
  const { name, count, leftOut, bytes } = await write({ form: 'workbook', what: { of: 'release' } })
  expect([name, count, leftOut.length > 0 && leftOut.every(({ why }) => why === 'no-place')]).toEqual([
    '事项标准 第1次发布.xlsx',
    sampleTexts().filter(({ text }) => kindOf(JSON.parse(text)) !== 'calendar').length,
    true,
  ])
  const same = await look([name, bytes])
  expect([new Set(same.documents.map(({ state }) => state)), same.findings]).toEqual([new Set(['same']), []])
  const edited = await withCells(bytes, '申请材料', { D3: typed('D3', '新的材料名称') })
  const found = await look([name, edited])
  const changed = found.documents.filter(({ state }) => state === 'changed')
  expect(changed.map(({ changes }) => changes.count)).toEqual([1])
  const [first] = changed
  if (first === undefined) throw new Error('nothing changed')
  const { copyIds } = await ask('standards.takeTables', { documents: [wish(first)] }, '')
  const { changes } = await ask('standards.compare', { copyId: copyIds[0] ?? '' }, '')
  expect(changes.map(({ words }) => words)).toEqual(first.changes.words)
  expect(JSON.parse((await ask('standards.copy', { copyId: copyIds[0] ?? '' }, '')).text).version).toBe(2)
  // Taken over, it is the working copy; nothing is taken twice.
  const again = (await ask('standards.tables', {}, '')).found
  expect(again?.documents.find(({ key }) => key === first.key)?.copy?.state).toBe('same')
  const next = await write({ form: 'json', what: { of: 'next' } })
  expect(next.bytes.toString()).toContain('新的材料名称')
  await ask('standards.discard', { copyId: copyIds[0] ?? '' }, '')
})

test('replaces a working copy only as it was seen, and all or nothing', async () => {
  const { copyId } = await ask('standards.begin', { kind: 'matter', id: 'SAMPLE-LNYDK', version: 1 }, '')
  const card = { ...sampleJson('senior-card'), department: '另一个部门' }
  const fresh = { ...sampleJson('senior-card'), itemId: 'NEW-1', code: 'NEW-1', name: '新的事项' }
  const set = exportJson([card, fresh].map((json) => ({ kind: 'matter' as const, json })))
  const found = await look(['一套.json', set])
  expect(found.documents.map(short)).toEqual(['SAMPLE-LNYDK changed differs', 'NEW-1 new'])
  const wishes = found.documents.map(wish)
  const { text } = await ask('standards.copy', { copyId }, '')
  await ask('standards.save', { copyId, text: text.replace('老年人优待卡', '老年人优待卡（在改）') }, '')
  const unasked = wishes.map(({ key }) => ({ key, replaces: null }))
  expect([await codeOf(wishes), await codeOf(unasked)]).toEqual(['STANDARD_IMPORT_STALE', 'STANDARD_IMPORT_STALE'])
  const kept = await ask('standards.copy', { copyId }, '')
  const desk = await ask('standards.desk', {}, '')
  expect([kept.text.includes('（在改）'), desk.documents.some(({ id }) => id === 'NEW-1')]).toEqual([true, false])
  const now = (await ask('standards.tables', {}, '')).found?.documents ?? []
  expect(await codeOf(now.map(wish))).toBe('done')
  const replaced = JSON.parse((await ask('standards.copy', { copyId }, '')).text)
  expect([replaced.department, replaced.version]).toEqual(['另一个部门', 2])
  // A new document that was brought in before is found by what it says of itself.
  const later = await look(['一套.json', exportJson([{ kind: 'matter', json: { ...fresh, name: '又改了' } }])])
  expect(later.documents.map(short)).toEqual(['NEW-1 new differs'])
})

test('says where a cell is wrong and lets the sound documents through', async () => {
  const book = await exportWorkbook(
    ['senior-card', 'sole-trader'].map((name) => ({ kind: 'matter' as const, json: sampleJson(name) })),
  )
  const found = await look(
    ['错一格.xlsx', await withCells(book, '申请材料', { E3: typed('E3', '4') })],
    ['也有一份.json', exportJson([{ kind: 'matter', json: sampleJson('temporary-relief') }])],
  )
  expect(found.documents.map(({ id }) => id).toSorted()).toEqual(['SAMPLE-GTHSL', 'SAMPLE-LSJZ'])
  expect(found.files.map(({ name, form, faulty }) => [name, form, faulty])).toEqual([
    ['错一格.xlsx', 'workbook', ['老年人优待卡']],
    ['也有一份.json', 'json', []],
  ])
  expect(found.findings.filter(({ severity }) => severity === 'must')).toEqual([
    expect.objectContaining({
      document: '错一格.xlsx',
      place: '“申请材料”表 E3',
      remedy: expect.stringContaining('4'),
    }),
  ])
})

test('refuses each bad file in one sentence, reads the good one beside them, and changes nothing', async () => {
  const book = await exportWorkbook([{ kind: 'matter', json: sampleJson('senior-card') }])
  const ole = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)])
  const before = await ask('standards.desk', {}, '')
  expect(await put('很大.xlsx', Buffer.alloc(50 << 20))).toBe('很大.xlsx没有读取：文件太大，最大 16 MB。')
  expect(await put('空.xlsx', Buffer.alloc(0))).toBe('空.xlsx没有读取：是空的。')
  const found = await look(
    ['宏.xlsx', await withParts(book, { 'xl/vbaProject.bin': () => 'x' })],
    ['炸弹.xlsx', lyingZip('[Content_Types].xml', Buffer.alloc(40 << 20), {})],
    ['坏的.xlsx', book.subarray(0, book.length / 2)],
    ['密码.xlsx', Buffer.concat([ole, Buffer.from('EncryptedPackage', 'utf16le')])],
    ['旧的.xls', ole],
    ['照片.xlsx', Buffer.from('\x89PNG\r\n')],
    ['空包.zip', await makeZip([{ name: '说明.docx', bytes: Buffer.from('x') }])],
    ['好的.xlsx', book],
  )
  const said = found.files.map(({ name, refusal, sound }) =>
    refusal === null ? `${name} ${sound}` : sentenceFor(refusal.code, refusal.details).title,
  )
  expect(said).toEqual([
    '宏.xlsx没有读取：里面有宏。',
    '炸弹.xlsx没有读取：压缩的内容展开后大得不正常。',
    '坏的.xlsx没有读取：文件损坏了。',
    '密码.xlsx没有读取：设了打开密码。',
    '旧的.xls没有读取：是旧的 Excel 格式（.xls 或 .xlsb）。',
    '照片.xlsx没有读取：不是 Excel 工作簿。',
    '空包.zip没有读取：压缩包里没有表格或 JSON 文件。',
    '好的.xlsx 1',
  ])
  expect(await ask('standards.desk', {}, '')).toEqual(before)
})

const code = '11440282007000000Z4440000000001'
const heads = 'task_name,task_code,task_version,plan_effective_date,dept_name,promise_day,promise_type,batch_no'
/** A table as Excel in China saves it: “村级事项” in GB 18030. */
const gb18030 = Buffer.concat([
  Buffer.from(`${heads}\r\n`),
  Buffer.from('b4e5bcb6cac2cfee', 'hex'),
  Buffer.from(`,${code},1,20260101,x,5,1,batch-7\r\n`),
])

test('takes the national tables as CSV in GB 18030 or in a ZIP, and writes their own columns back', async () => {
  const alone = await look(['up_task_general_basic.csv', gb18030])
  expect(alone.documents.map(({ name }) => name)).toEqual(['村级事项'])
  const packed = await look(['表.zip', await makeZip([{ name: '甲/up_task_general_basic.csv', bytes: gb18030 }])])
  expect(packed.files).toMatchObject([{ name: '表.zip／甲/up_task_general_basic.csv', form: 'national', sound: 1 }])
  const { copyIds } = await ask('standards.takeTables', { documents: packed.documents.map(wish) }, '')
  const out = await write({
    form: 'national',
    what: { of: 'chosen', documents: [{ kind: 'matter', id: '', version: 0, copyId: copyIds[0] ?? '' }] },
  })
  const back = await look([out.name, out.bytes])
  expect([out.name, back.files[0]?.form, back.documents.map(({ name }) => name)]).toEqual([
    '村级事项 国家平台事项表.xlsx',
    'national',
    ['村级事项'],
  ])
  const { rows } = await (await openWorkbook(out.bytes)).read('up_task_general_basic')
  expect([...(rows[1]?.cells.values() ?? [])]).toContainEqual({ kind: 'text', text: 'batch-7' })
  await ask('standards.discard', { copyId: copyIds[0] ?? '' }, '')
})

test('answers other calls while a large workbook is read, tells how far it is, and can be stopped', async () => {
  const matters = Array.from({ length: 400 }, (_, at) => ({
    kind: 'matter' as const,
    json: { ...sampleJson('senior-card'), itemId: `M-${at}`, code: `M-${at}` },
  }))
  await ask('standards.dropTables', {}, '')
  await put('大.xlsx', await exportWorkbook(matters))
  const events = await opened.desk.events()
  const reading = opened.desk.call('standards.readTables', {}, opened.sessionId)
  const { payload } = await events.next('tables')
  const asked = performance.now()
  await ask('session.current', {}, '')
  expect(performance.now() - asked).toBeLessThan(250)
  await ask('standards.dropTables', {}, '')
  const stopped = await reading
  events.stop()
  expect([payload, stopped.ok || stopped.error.code]).toEqual([
    { file: '大.xlsx', share: expect.any(Number) },
    'NOT_FOUND',
  ])
  expect((await ask('standards.tables', {}, '')).found).toBeNull()
})

test('lets administrators alone bring files, and forgets what was only looked at when the desk is killed', async () => {
  const set = exportJson([{ kind: 'matter', json: { ...sampleJson('senior-card'), itemId: 'NEW-2' } }])
  const found = await look(['一份.json', set])
  await ask('accounts.create', { account: 'wangwu', displayName: '王五', role: 'clerk', pin: '演练三号-13579' }, '')
  const login = await opened.desk.call('session.login', { account: 'wangwu', pin: '演练三号-13579' })
  const clerk = login.ok ? login.value.sessionId : ''
  expect(await put('别人.json', set, { 'x-session': clerk })).toBe('您的岗位不能做这一步。')
  await opened.desk.kill('SIGKILL')
  await opened.start()
  await opened.logIn()
  expect((await ask('standards.tables', {}, '')).found).toBeNull()
  expect(await codeOf(found.documents.map(wish))).toBe('NOT_FOUND')
})
