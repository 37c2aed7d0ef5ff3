import { AppError } from '../../../preload/contract/errors.ts'
import { emptySlots, PdfFile } from '../../pdf/index.ts'
import { knownTokenLibraries, listTokens } from '../../signing/index.ts'
import { tableLines } from '../table.ts'
import { onePositional, parseWords, wrongUsage } from './arguments.ts'
import type { CommandOutput } from './command.ts'
import { readRegularFile } from './files.ts'

const millimetres = (value: number): string => value.toFixed(1)

/** `seal slots`: the empty signature fields of a PDF. */
export async function showSlots(argv: readonly string[], io: CommandOutput): Promise<0> {
  const words = parseWords(argv, { json: { type: 'boolean' } })
  const slots = emptySlots(PdfFile.open(await readRegularFile(onePositional(words.positionals))))
  if (words.flag('json')) io.stdout(JSON.stringify(slots))
  else if (slots.length === 0) io.stdout('没有空着的签章栏。')
  else {
    const rows = slots.map(({ field, page, xMm, yMm, widthMm, heightMm }) => [
      ...[field, String(page), millimetres(xMm), millimetres(yMm)],
      `${millimetres(widthMm)}×${millimetres(heightMm)}`,
    ])
    for (const line of tableLines(['签章栏', '页', '左 mm', '上 mm', '大小 mm'], rows)) io.stdout(line)
  }
  return 0
}

/** `seal tokens`: the seals in tokens that are plugged in. A library that cannot be used is told on stderr. */
export async function showTokens(argv: readonly string[], io: CommandOutput): Promise<0 | 1> {
  const words = parseWords(argv, { json: { type: 'boolean' }, library: { type: 'string', multiple: true } })
  if (words.positionals.length > 0) throw wrongUsage(`不认识 ${words.positionals[0]}`)
  const named = words.texts('library').map((path) => ({ id: path, path, name: path }))
  const libraries = named.length > 0 ? named : knownTokenLibraries()
  const found: {
    library: string
    serial: string
    label: string
    keyId: string
    organisation: string
    notAfter: string
  }[] = []
  let isAllRead = true
  for (const { id, path, name } of libraries) {
    try {
      for (const { serial, label, seals } of await listTokens(path)) {
        for (const { keyId, certificate } of seals) {
          const { organisation, notAfter } = certificate
          found.push({ library: id, serial, label, keyId, organisation, notAfter })
        }
      }
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      isAllRead = false
      io.stderr(`${name} 用不了：请检查驱动程序是否装好。`)
    }
  }
  if (words.flag('json')) io.stdout(JSON.stringify(found))
  else if (found.length === 0) io.stdout('没有找到插着的密码钥匙（U盾）。')
  else {
    const rows = found.map(({ library, serial, label, keyId, organisation }) => [
      library,
      serial,
      label,
      keyId,
      organisation,
    ])
    for (const line of tableLines(['驱动（--token）', '序列号（--serial）', '名称', '密钥（--key）', '单位'], rows))
      io.stdout(line)
  }
  return isAllRead ? 0 : 1
}
