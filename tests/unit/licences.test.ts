import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

type Locked = { readonly license?: string; readonly dev?: boolean }

const read = (name: string) => readFileSync(join(import.meta.dirname, '..', '..', name), 'utf8')
const packages = Object.entries<Locked>(JSON.parse(read('package-lock.json')).packages).filter(([path]) => path !== '')

/** Whether a licence (an SPDX expression) lets nobody choose other terms than the GPL's family. */
const isCopyleft = (licence: string) =>
  licence.split(/ OR /).every((choice) => /\b[AL]?GPL/.test(choice)) || / AND .*GPL|GPL.* AND /.test(licence)

/** Packages whose own description is silent, and the licence that their Readme names. */
const namedInReadme: Readonly<Record<string, RegExp>> = { 'node_modules/combine-errors': /## License\s+MIT\b/ }

test('tells a licence that binds from one that leaves a choice', () => {
  const licences = ['GPL-3.0-only', 'AGPL-3.0', 'LGPL-2.1 OR GPL-2.0', '(BSD-3-Clause OR GPL-2.0)', 'MIT AND OFL-1.1']

  expect(licences.map(isCopyleft)).toEqual([true, true, true, false, false])
})

test('nothing that is installed stands under the GPL, and all that ships says its licence', () => {
  const bound = packages.filter(([, { license = '' }]) => isCopyleft(license)).map(([path]) => path)
  const silent = packages
    .filter(([, { license, dev }]) => dev !== true && license === undefined)
    .map(([path]) => path)
    .filter((path) => namedInReadme[path]?.test(read(`${path}/Readme.md`)) !== true)

  expect({ bound, silent, count: packages.length > 100 }).toEqual({ bound: [], silent: [], count: true })
})

test('the program stands under the licence that its text says', () => {
  expect([JSON.parse(read('package.json')).license, read('LICENSE').includes('Version 2.0, January 2004')]).toEqual([
    'Apache-2.0',
    true,
  ])
})
