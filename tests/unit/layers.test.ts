import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..', '..')
const parts = ['preload', 'main', 'central', 'renderer']

/** Rule, the file that is planted, and what it holds. */
const planted: readonly (readonly [rule: string, file: string, text: string])[] = [
  ['contract-is-pure', 'preload/contract/planted.ts', "import 'node:fs'\n"],
  ['renderer-knows-the-contract', 'renderer/planted.ts', "import '../main/wire/canonical.ts'\n"],
  ['centre-knows-the-wire', 'central/planted.ts', "import '../main/store/index.ts'\n"],
  ['wire-knows-the-contract', 'main/wire/planted.ts', "import '../store/index.ts'\n"],
  ['main-knows-no-window', 'main/desk/planted.ts', "import '../../central/database.ts'\n"],
  ['ground-knows-no-feature', 'main/store/planted.ts', "import type {} from '../features/sync/index.ts'\n"],
  ['features-by-their-index', 'main/features/planted/planted.ts', "import '../sync/service.ts'\n"],
  ['preload-knows-the-contract', 'preload/index.ts', "import 'node:fs'\n"],
  ['pdf-knows-no-seal-keys', 'main/pdf/planted-keys.ts', "import '../signing/der.ts'\n"],
  ['signing-knows-pdf', 'main/signing/planted.ts', "import '../store/index.ts'\n"],
  ['pdf-reading-knows-no-writing', 'main/pdf/reading/planted.ts', "import '../writing/update.ts'\n"],
  ['pdf-changes-and-writing-know-reading', 'main/pdf/changes/planted.ts', "import '../sealing/seam.ts'\n"],
  ['standards-know-the-contract', 'main/standards/planted.ts', "import '../store/index.ts'\n"],
  ['rendering-knows-no-feature', 'main/rendering/planted.ts', "import '../store/index.ts'\n"],
  ['electron-in-its-shell', 'main/shells/browser/planted.ts', "import 'electron'\n"],
  ['owner-of-better-sqlite3', 'main/features/planted/sqlite.ts', "import 'better-sqlite3'\n"],
  ['owner-of-pdf-lib', 'main/features/planted/pdf.ts', "import 'pdf-lib'\n"],
  ['owner-of-node-forge', 'main/pdf/planted.ts', "import type {} from 'node-forge'\n"],
  ['owner-of-sm-crypto-v2', 'main/pdf/planted-sm.ts', "import 'sm-crypto-v2'\n"],
  ['owner-of-koffi', 'main/signing/planted-koffi.ts', "import 'koffi'\n"],
  ['owner-of-@hyzyla/pdfium', 'main/signing/planted-pdfium.ts', "import '@hyzyla/pdfium'\n"],
  ['owner-of-pixelmatch', 'main/signing/planted-pixelmatch.ts', "import 'pixelmatch'\n"],
  ['owner-of-tus-js-client', 'main/wire/planted-tus.ts', "import 'tus-js-client'\n"],
  ['owner-of-dexie', 'renderer/planted-dexie.ts', "import 'dexie'\n"],
  ...[
    ...['@jsquash/jpeg', 'fast-png', 'prom-client', 'age-encryption', '@noble/curves/ed25519.js', '@scure/base'],
    ...['@tus/server', '@tus/file-store', '@aws-sdk/client-s3'],
  ].map((from, index): readonly [string, string, string] => {
    const name = from.replace('/ed25519.js', '')
    return [`owner-of-${name}`, `main/desk/planted-package-${index}.ts`, `import type {} from '${from}'\n`]
  }),
  ['no-cycles', 'main/desk/planted-a.ts', "import './planted-b.ts'\n"],
  ['nothing-imports-tests', 'main/desk/planted-test.ts', "import '../../tests/helpers/app.ts'\n"],
  ['resolvable', 'main/desk/planted-lost.ts', "import './nowhere.ts'\n"],
]

const check = (folder: string) => {
  const node = join(root, 'node_modules', '.bin', 'node')
  return spawnSync(node, [join(root, 'scripts', 'check-layers.mjs'), folder], { encoding: 'utf8' })
}

describe('the layer check', () => {
  let copy = ''

  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), 'cunchuang-layers-'))
    for (const part of parts) cpSync(join(root, part), join(copy, part), { recursive: true })
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
    const extra = [
      ['', 'main/desk/planted-b.ts', "import './planted-a.ts'\n"],
      ['', 'tests/helpers/app.ts', 'export {}\n'],
    ] as const
    for (const [, file, text] of [...planted, ...extra]) {
      mkdirSync(dirname(join(copy, file)), { recursive: true })
      writeFileSync(join(copy, file), text)
    }
  })
  afterAll(() => rmSync(copy, { recursive: true, force: true }))

  it('refuses a planted violation of every rule, by its name and file', async () => {
    const { rules }: { rules: { forbidden: { name: string }[] } } = await import(join(root, '.dependency-cruiser.mjs'))
    const { status, stderr } = check(copy)

    const refused = planted.map(([rule, file]) => [rule, stderr.includes(`${rule}: ${file} → `)])
    expect({ status, refused }).toEqual({ status: 1, refused: planted.map(([rule]) => [rule, true]) })
    expect(planted.map(([rule]) => rule).toSorted()).toEqual(rules.forbidden.map(({ name }) => name).toSorted())
  })

  it('fails where it sees no module at all', () => {
    const empty = mkdtempSync(join(tmpdir(), 'cunchuang-empty-'))

    const { status, stderr } = check(empty)

    rmSync(empty, { recursive: true })
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'the layer check saw no module of ours: it checked nothing\n',
    })
  })
})
