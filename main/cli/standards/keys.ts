import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { AppError } from '../../../preload/contract/errors.ts'
import {
  makePublisherKey,
  openPublisherKey,
  type PublisherKey,
  readPublisherKey,
  writePublisherKey,
} from '../../store/index.ts'
import { signManifest } from '../../wire/catalogue/manifest.ts'
import { readPin } from '../seal/files.ts'
import { manifestAfter, openReleaseFile, writeRelease, written } from './build.ts'
import { needed, onlyWord, type ReleaseOrder } from './release-order.ts'

const firstName = '事项标准发布人'

/** `standards keys make`: a fresh key, encrypted under the PIN of a file. */
export async function makeKey(order: ReleaseOrder): Promise<0 | 1> {
  const file = onlyWord(order, '密钥文件')
  assertFree(file)
  const pin = await readPin(needed(order, 'pin-file'))
  const key = await makePublisherKey(order.options.name ?? firstName, pin)
  written(file, (aside) => writePublisherKey(file, key, aside))
  tell(order, key, `发布密钥已做好：${file}。请另存一份备份，口令分开保管；丢了它，只能请中心换发布人。`)
  return 0
}

/** `standards keys show`: the public half, as the centre registers it. */
export async function showKey(order: ReleaseOrder): Promise<0 | 1> {
  const key = readPublisherKey(onlyWord(order, '密钥文件'))
  tell(order, key, key.name)
  return 0
}

/** `standards keys rotate`: a fresh key, and the release by which the old one hands over to it. */
export async function rotateKey(order: ReleaseOrder): Promise<0 | 1> {
  const file = onlyWord(order, '新密钥文件')
  const out = needed(order, 'out')
  for (const path of [file, out]) assertFree(path)
  const previous = await openReleaseFile(needed(order, 'previous'))
  const old = await openPublisherKey(readPublisherKey(needed(order, 'key')), await readPin(needed(order, 'pin-file')))
  const next = await makePublisherKey(order.options.name ?? firstName, await readPin(needed(order, 'new-pin-file')))
  const now = new Date().toISOString()
  const facts = {
    ...{ county: previous.signed.manifest.county, madeAtUtc: now, effectiveAtUtc: now, targets: 'all' as const },
    ...{ note: '更换发布密钥，事项标准没有改动', approvedBy: order.options['approved-by'] ?? '' },
    nextPublisherKey: next.publicKey,
  }
  const signed = signManifest(manifestAfter(previous, previous.documents, facts), old)
  written(file, (aside) => writePublisherKey(file, next, aside))
  await writeRelease(out, previous, signed, previous.documents)
  tell(
    order,
    next,
    `新的发布密钥：${file}。交接发布（第 ${signed.manifest.release} 次）：${out}，请交给中心；从它以后都用新密钥签名。`,
  )
  return 0
}

function assertFree(file: string): void {
  if (existsSync(file)) throw new AppError('FILE_NOT_WRITABLE', { name: basename(file) })
}

function tell({ options, io }: ReleaseOrder, { publicKey, name }: PublisherKey, said: string): void {
  if (options.json) io.stdout(JSON.stringify({ publicKey, name }))
  else for (const line of [said, `公钥  ${publicKey}`]) io.stdout(line)
}
