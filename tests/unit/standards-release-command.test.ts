import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCli } from '../../main/cli/index.ts'
import { makePublisherKey, writePublisherKey } from '../../main/store/publisher-key.ts'
import { unsignedManifest } from '../../main/wire/catalogue/manifest.ts'
import { writePack } from '../../main/wire/catalogue/pack.ts'
import { addDays, dateInWords, todayInShanghai } from '../../preload/contract/calendar.ts'
import { templateDocument, themeDocument } from '../helpers/bad-releases.ts'
import { manifestAfter, sampleDocuments, withChanged } from '../helpers/catalogues.ts'
import { catalogueFolder, sampleJson } from '../helpers/standards.ts'

const folder = mkdtempSync(join(tmpdir(), 'cunchuang-releases-'))
const at = (name: string) => join(folder, name)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const run = async (...argv: string[]) => {
  const [out, err]: [string[], string[]] = [[], []]
  const io = { stdout: (line: string) => void out.push(line), stderr: (line: string) => void err.push(line) }
  const code = await runCli(['standards', ...argv], io, {})
  return { code, out: out.join('\n'), err: err.join('\n') }
}

beforeAll(async () => {
  writePublisherKey(at('key.json'), await makePublisherKey('县', '演练-13579', { memoryKiB: 256, passes: 1, lanes: 1 }))
  writeFileSync(at('pin'), '演练-13579\n')
})

// biome-ignore lint/suspicious/noExplicitAny: a test changes any part of it, also into what it must not be
type Edit = (json: any) => void
const allowance = (edit: Edit) => {
  const json = sampleJson('elderly-allowance')
  edit(json)
  return JSON.stringify(json)
}
const list = Array.from({ length: 40 }, (_, one) => one)
const endless = { some: [list, { some: [list, { some: [list, { '>': [{ var: '' }, 1] }] }] }] }
const asked = (question: object) => allowance(({ form }) => Object.assign(form.schema.properties, { extra: question }))
const circle = ['A', 'B'].map(
  (id, one) => [`${id}.json`, themeDocument(id, [{ kind: 'theme', id: 'BA'[one] ?? '' }]).bytes.toString()] as const,
)

const faulty: readonly (readonly [what: string, says: RegExp, files: readonly (readonly [string, string])[]])[] = [
  ['a bundle in a circle', /members\/0|绕成了圈/, circle],
  [
    'a dangling template',
    /没有“T-NONE”这个文书模板/,
    [
      [
        'elderly-allowance.json',
        allowance((json) => Object.assign(json, { templates: [{ paper: 'receipt', templateId: 'T-NONE' }] })),
      ],
    ],
  ],
  [
    'a rule that does not end',
    /算不完/,
    [
      [
        'elderly-allowance.json',
        allowance((json) => Object.assign(json, { conditions: [{ id: 'a', text: '条件', rule: endless }] })),
      ],
    ],
  ],
  [
    'a remote reference',
    /引用了别处的定义/,
    [['elderly-allowance.json', asked({ title: '远', type: 'string', $ref: 'https://example.org' })]],
  ],
  [
    'a regular expression that explodes',
    /正则表达式可能要算很久/,
    [['elderly-allowance.json', asked({ title: '炸', type: 'string', maxLength: 9000, pattern: '(?:a{9999}){9}b' })]],
  ],
  [
    'half a character',
    /半个字/,
    [['elderly-allowance.json', allowance((json) => Object.assign(json, { scope: '\ud800' }))]],
  ],
  [
    'a name that stands twice',
    /elderly-allowance\.json.*“name”写了两遍/,
    [['elderly-allowance.json', allowance(() => undefined).replace('{', '{"name":"别的名字",')]],
  ],
  ['no JSON', /broken\.json.*不是 JSON/, [['broken.json', '{"itemId":']]],
  ['JSON without end', /套得太深/, [['deep.json', `{"itemId":${'['.repeat(50_000)}${']'.repeat(50_000)}}`]]],
]

test.each(faulty)('builds no release of %s: says where, and writes nothing', async (_what, says, files) => {
  const place = at('catalogue')
  rmSync(place, { recursive: true, force: true })
  cpSync(catalogueFolder, place, { recursive: true })
  for (const [name, text] of files) writeFileSync(join(place, name), text)
  const { code, out, err } = await run('build', place, '--out', at('none.cunrelease'))
  expect([code, out, existsSync(at('none.cunrelease'))]).toEqual([1, '', false])
  expect(err).toMatch(says)
})

test('builds no release of a file of 50 MB, nor reads it', async () => {
  const place = at('large')
  cpSync(catalogueFolder, place, { recursive: true })
  writeFileSync(join(place, 'large.json'), '{')
  truncateSync(join(place, 'large.json'), 50 << 20)
  const { code, err } = await run('build', place, '--out', at('none.cunrelease'))
  expect([code, existsSync(at('none.cunrelease'))]).toEqual([1, false])
  expect(err).toContain('large.json 太大')
})

test('builds no release that closes a matter until its version begins; one of that day is right', async () => {
  const place = at('beginning')
  const day = addDays(todayInShanghai(new Date()), 30)
  cpSync(catalogueFolder, place, { recursive: true })
  const first = await run('build', place, '--out', at('first.cunrelease'))
  const next = allowance((json) => Object.assign(json, { version: json.version + 1, effectiveFrom: day }))
  writeFileSync(join(place, 'elderly-allowance.json'), next)
  const after = ['build', place, '--previous', at('first.cunrelease'), '--out', at('second.cunrelease')]
  const [now, then] = [await run(...after), await run(...after, '--effective', day)]
  expect([first.code, now.code, then.code, then.err]).toEqual([0, 1, 0, ''])
  expect(now.err).toContain(`这一版${dateInWords(day)}才开始`)
})

test.each([
  ['in a circle', /绕成了圈/, (id: string) => themeDocument(id, [{ kind: 'theme', id }])],
  [
    'with a lost member',
    /members\.0 的事项“NONE”不在这次发布里/,
    (id: string) => themeDocument(id, [{ kind: 'matter', id: 'NONE' }]),
  ],
  [
    'that asks under no name',
    /\/members\/0\/answers/,
    (id: string) => themeDocument(id, [{ kind: 'matter', id: 'NONE', answers: { name: 'constructor' } }]),
  ],
])('signs no release of a bundle %s, whoever built it, and leaves the file as it is', async (_what, says, make) => {
  const documents = withChanged(sampleDocuments(2), make('A'))
  const bodies = new Map(documents.map(({ sha256, bytes }) => [sha256, bytes]))
  const release = unsignedManifest(manifestAfter(null, documents))
  const pack = await writePack({ base: null, handovers: [], release, documentOf: ({ sha256 }) => bodies.get(sha256) })
  writeFileSync(at('faulty.cunrelease'), pack)
  const { code, err } = await run('sign', at('faulty.cunrelease'), '--key', at('key.json'), '--pin-file', at('pin'))
  expect([code, readFileSync(at('faulty.cunrelease')).equals(pack)]).toEqual([1, true])
  expect(err).toMatch(says)
})

test('signs nothing with a wrong PIN, a broken key or a file that is no release; what is whole is signed', async () => {
  const documents = sampleDocuments(2)
  const bodies = new Map(documents.map(({ sha256, bytes }) => [sha256, bytes]))
  const release = unsignedManifest(manifestAfter(null, documents))
  const pack = await writePack({ base: null, handovers: [], release, documentOf: ({ sha256 }) => bodies.get(sha256) })
  writeFileSync(at('good.cunrelease'), pack)
  writeFileSync(at('wrong-pin'), '000000\n')
  writeFileSync(at('broken-key.json'), '{"publicKey":')
  const broken = Buffer.from(pack)
  broken[300] = (broken[300] ?? 0) ^ 1
  writeFileSync(at('broken.cunrelease'), broken)
  const sign = (file: string, key = 'key.json', pin = 'pin') =>
    run('sign', at(file), '--key', at(key), '--pin-file', at(pin))
  const said = [
    await sign('good.cunrelease', 'key.json', 'wrong-pin'),
    await sign('good.cunrelease', 'broken-key.json'),
    await sign('broken.cunrelease'),
    await sign('none.cunrelease'),
  ]
  expect(said.map(({ code, err }) => [code, err.split('。')[0]])).toEqual([
    [1, '发布密钥的口令不对'],
    [1, '这个发布密钥文件读不了，可能损坏了'],
    [1, '这个事项标准发布文件读不了：不完整，或被改动过'],
    [1, expect.stringContaining('none.cunrelease')],
  ])
  expect(readFileSync(at('good.cunrelease')).equals(pack)).toBe(true)
  expect((await sign('good.cunrelease')).code).toBe(0)
  expect((await run('show', at('good.cunrelease'))).code).toBe(0)
})

test('shows a release of a stranger without letting its names steer the terminal', async () => {
  const documents = withChanged(sampleDocuments(1), templateDocument('T', '\u001b[2J\u202e坏'))
  const bodies = new Map(documents.map(({ sha256, bytes }) => [sha256, bytes]))
  const release = unsignedManifest(manifestAfter(null, documents))
  const pack = await writePack({ base: null, handovers: [], release, documentOf: ({ sha256 }) => bodies.get(sha256) })
  writeFileSync(at('steering.cunrelease'), pack)
  const { out } = await run('show', at('steering.cunrelease'))
  expect(['[2J', '\u001b', '\u202e'].map((part) => out.includes(part))).toEqual([true, false, false])
})
