import { promisify } from 'node:util'
import { deflateRaw, inflateRaw } from 'node:zlib'
import { AppError } from '../../../preload/contract/errors.ts'
import { dictionary1 } from './dictionary-1.ts'
import { dictionary2 } from './dictionary-2.ts'

const dictionaries = new Map([dictionary1, dictionary2].map((text, index) => [index + 1, Buffer.from(text, 'utf8')]))
const deflate = promisify<Buffer, object, Buffer>(deflateRaw)
const inflate = promisify<Buffer, object, Buffer>(inflateRaw)

/** The preset dictionary of a version, as both ends know it. Throws INPUT_INVALID with `reason` dictionary for one that is not known here. */
export function dictionaryOf(version: number | undefined): Buffer {
  const dictionary = dictionaries.get(version ?? 0)
  if (dictionary === undefined) throw new AppError('INPUT_INVALID', { reason: 'dictionary' })
  return dictionary
}

/** Raw deflate (RFC 1951), as small as it gets. `dictionary` is what came before: a preset one, or the text so far. */
export function deflateWith(dictionary: Buffer, bytes: Buffer): Promise<Buffer> {
  return deflate(bytes, { dictionary, level: 9, memLevel: 9 })
}

/** The way back. Throws INPUT_INVALID with `reason` too-large beyond so many bytes, truncated for what deflate never wrote. */
export async function inflateWith(dictionary: Buffer, bytes: Buffer, limitBytes: number): Promise<Buffer> {
  try {
    return await inflate(bytes, { dictionary, maxOutputLength: limitBytes })
  } catch (cause) {
    const tooLarge = (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    throw new AppError('INPUT_INVALID', { reason: tooLarge ? 'too-large' : 'truncated' }, { cause })
  }
}
