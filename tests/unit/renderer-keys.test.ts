import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { zhCN } from '../../renderer/messages/zh-cn.ts'

type Tree = { readonly [key: string]: string | Tree }

const keysOf = (tree: Tree, above = ''): string[] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [above + key] : keysOf(value, `${above}${key}.`),
  )

/** A key as it stands in the source: whole in quotes, or with parts that are put in at run time. */
const written = /['"]([a-z]\w*(?:\.[\w-]+)*)['"]|`([a-z]\w*\.(?:[\w.-]|\$\{[^}]*\})+)`/gi

test('every word of the window is said somewhere', () => {
  const root = join(import.meta.dirname, '..', '..')
  const files = globSync('renderer/**/*.{ts,tsx}', { cwd: root }).filter((file) => !file.includes('messages'))
  const whole = new Set<string>()
  const built: RegExp[] = []
  for (const file of files)
    for (const [, quoted, template = ''] of readFileSync(join(root, file), 'utf8').matchAll(written)) {
      if (quoted !== undefined) whole.add(quoted)
      else built.push(new RegExp(`^${template.replaceAll('.', '\\.').replaceAll(/\$\{[^}]*\}/g, '[^.]+')}$`))
    }
  const silent = keysOf(zhCN).filter((key) => !whole.has(key) && !built.some((pattern) => pattern.test(key)))
  expect(silent).toEqual([])
})
