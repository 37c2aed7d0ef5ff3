import { AppError } from '../../../preload/contract/errors.ts'
import { largestDocumentBytes } from '../../../preload/contract/standards/documents.ts'
import { readPublisherKey } from '../../store/index.ts'
import { sha256Hex } from '../../wire/canonical.ts'
import type { CatalogueDocument } from '../../wire/catalogue/documents.ts'
import { assertSignedBy, isSigned } from '../../wire/catalogue/manifest.ts'
import { readSoundRelease } from './catalogue.ts'
import { documentFiles } from './document-files.ts'
import { type ReleaseOrder, wrongUsage } from './release-order.ts'
import { writeFolder } from './tables.ts'

/**
 * `standards unpack`: a release's documents as files in a new folder, of which `build` makes the same documents again. With `--key`
 * only a release that this key signed. All or nothing is written. Throws RELEASE_…, INPUT_INVALID for a folder that holds anything.
 */
export async function unpackRelease({ words, options, io }: ReleaseOrder): Promise<0 | 1> {
  const [file, folder, ...more] = words
  if (file === undefined || folder === undefined || more.length > 0) throw wrongUsage('要写一个发布文件和一个新文件夹')
  const { signed, documents } = await readSoundRelease(file)
  if (options.key !== undefined) assertSignedBy(signed, readPublisherKey(options.key).publicKey)
  if (documents.length === 0) throw new AppError('NOT_FOUND', { what: '这次发布里的文件' })
  const named = documentFiles(documents)
  writeFolder(
    folder,
    named.map(({ name, of }) => ({ name, bytes: legible(of) })),
  )
  const { release } = signed.manifest
  if (options.json) {
    const files = named.map(({ name, of: { bytes: _, ...ref } }) => ({ file: name, ...ref }))
    io.stdout(JSON.stringify({ release, folder, files }, null, 2))
    return 0
  }
  const key = isSigned(signed)
    ? `由密钥 ${sha256Hex(Buffer.from(signed.publisher, 'base64')).slice(0, 16)} 签名`
    : '还没有签名'
  io.stdout(`第 ${release} 次发布（${key}）的 ${documents.length} 份文件已写到 ${folder}。`)
  io.stdout('改好以后用 standards check 检查，用 standards build 做成下一次发布；工作日历按年分开。')
  return 0
}

/** Indented, as people edit it, where it can still be read again so. */
function legible({ bytes }: CatalogueDocument): Buffer {
  const indented = Buffer.from(`${JSON.stringify(JSON.parse(bytes.toString('utf8')), null, 2)}\n`)
  return indented.length <= largestDocumentBytes ? indented : bytes
}
