import { existsSync } from 'node:fs'
import { basename } from 'node:path'

/** A PKCS#11 library on this machine. */
export type TokenLibraryInfo = { readonly id: string; readonly path: string; readonly name: string }

/** Where the drivers of tokens install their library; only what their makers document. */
const wellKnown: readonly { readonly id: string; readonly name: string; readonly paths: readonly string[] }[] = [
  {
    id: 'opensc',
    name: 'OpenSC',
    paths: [
      '/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so',
      '/usr/lib/aarch64-linux-gnu/opensc-pkcs11.so',
      '/usr/lib64/opensc-pkcs11.so',
      'C:\\Program Files\\OpenSC Project\\OpenSC\\pkcs11\\opensc-pkcs11.dll',
    ],
  },
  {
    id: 'epass2003',
    name: '飞天诚信 ePass2003',
    paths: ['/usr/lib/libcastle.so.1.0.0', 'C:\\Windows\\System32\\eps2003csp11.dll'],
  },
  {
    id: 'etoken',
    name: 'SafeNet eToken',
    paths: ['/usr/lib/libeToken.so', 'C:\\Windows\\System32\\eTPKCS11.dll'],
  },
  { id: 'softhsm2', name: 'SoftHSM', paths: ['/usr/lib/softhsm/libsofthsm2.so'] },
]

/**
 * The PKCS#11 libraries that are on this machine: first those named in CUNCHUANG_PKCS11 (paths between semicolons, or
 * colons where paths have none), then well-known ones that exist. A library of CUNCHUANG_PKCS11 has its file name as name.
 */
export function knownTokenLibraries(): TokenLibraryInfo[] {
  const separator = process.platform === 'win32' ? ';' : /[;:]/
  const named = (process.env.CUNCHUANG_PKCS11 ?? '').split(separator).filter((path) => path !== '' && existsSync(path))
  const own = named.map((path) => ({ id: path, path, name: basename(path) }))
  const others = wellKnown.flatMap(({ id, name, paths }) => {
    const path = paths.find(existsSync)
    return path === undefined || named.includes(path) ? [] : [{ id, path, name }]
  })
  return [...own, ...others]
}
