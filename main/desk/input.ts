import { AppError } from '../../preload/contract/errors.ts'

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is meant
const unwanted = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g

/**
 * The JSON of a call's body; `{}` for an empty one. Dropped from its texts: control characters (PostgreSQL refuses NUL,
 * which would hold up everything behind it) and invisible marks that turn the order of letters or hide a name from
 * search. Halves of surrogate pairs become U+FFFD: an entry with one cannot be hashed (RFC 8785 §3.2.2.2). Throws
 * INPUT_INVALID for what is no JSON, is nested too deep, or has such a character, or `__proto__`, for a key.
 */
export function parseInput(text: string): unknown {
  try {
    return text === '' ? {} : JSON.parse(text, cleaned)
  } catch (cause) {
    throw new AppError('INPUT_INVALID', { field: 'JSON' }, { cause })
  }
}

function cleaned(key: string, value: unknown): unknown {
  if (key === '__proto__' || clean(key) !== key) throw new SyntaxError('unfit key')
  return typeof value === 'string' ? clean(value) : value
}

const clean = (text: string): string => text.replaceAll(/\p{Cs}/gu, '\ufffd').replaceAll(unwanted, '')
