// Owns: which regular expressions a standard's form may use, so that no answer can make matching take for ever.
// Does not own: matching (the interpreter of JSON Schema does it).
// Start here: patternFault.

/**
 * A part of JavaScript's regular expressions whose work can be bounded before it runs: characters, classes, groups,
 * alternatives and quantifiers; no look-around, no back references. The number of ways in which a backtracking matcher
 * could try a text of a given length is at most the product of the choices that stand after one another, so a pattern is
 * refused where that product is too large. That is stricter than need be, and needs no other matcher.
 */

/** Longest pattern, in characters. */
const longestPattern = 200
/** The most ways that a matcher may have to try. */
const mostWays = 200_000

/** Why a pattern is refused: it does not parse, uses what is not allowed, or may take for ever. */
export type PatternFault = 'too-long' | 'syntax' | 'not-allowed' | 'explodes'

class Refused extends Error {
  readonly why: PatternFault
  constructor(why: PatternFault) {
    super(why)
    this.why = why
  }
}

/** What is wrong with a pattern for texts of at most so many characters; undefined where it is harmless. Never throws. */
export function patternFault(pattern: string, longestText: number): PatternFault | undefined {
  if (pattern.length > longestPattern) return 'too-long'
  try {
    new RegExp(pattern, 'u')
  } catch {
    return 'syntax'
  }
  try {
    const reader: Reader = { pattern: [...pattern], at: 0, longestText, depth: 0 }
    const ways = alternatives(reader)
    if (reader.at < reader.pattern.length) return 'not-allowed'
    const starts = pattern.startsWith('^') && !isTopLevelChoice(pattern) ? 1 : longestText + 1
    return ways * starts > mostWays ? 'explodes' : undefined
  } catch (error) {
    if (error instanceof Refused) return error.why
    throw error
  }
}

type Reader = { readonly pattern: readonly string[]; at: number; readonly longestText: number; depth: number }

/** `^a|b` is anchored in its first alternative alone. */
function isTopLevelChoice(pattern: string): boolean {
  return pattern.includes('|')
}

const peek = (reader: Reader) => reader.pattern[reader.at]

/** Ways of a|b|c: their sum. */
function alternatives(reader: Reader): number {
  let ways = sequence(reader)
  while (peek(reader) === '|') {
    reader.at++
    ways += sequence(reader)
  }
  return ways
}

/** Ways of what stands one after another: their product. */
function sequence(reader: Reader): number {
  let ways = 1
  while (reader.at < reader.pattern.length && peek(reader) !== '|' && peek(reader) !== ')') ways *= quantified(reader)
  return ways
}

function quantified(reader: Reader): number {
  const ways = single(reader)
  const counts = quantifier(reader)
  if (counts === undefined) return ways
  const most = Math.min(counts.most, reader.longestText)
  const choices = Math.max(1, most - counts.least + 1)
  if (ways === 1) return choices
  // Ways of each repetition multiply: with more than one repetition that is a power.
  const power = ways ** Math.min(most, 60)
  return power * choices
}

function single(reader: Reader): number {
  const character = peek(reader)
  reader.at++
  if (character === '(') return group(reader)
  if (character === '[') return characterClass(reader)
  if (character === '\\') return escaped(reader)
  if (character === undefined || '*+?{}'.includes(character)) throw new Refused('syntax')
  return 1
}

function group(reader: Reader): number {
  if (++reader.depth > 10) throw new Refused('not-allowed')
  if (peek(reader) === '?') {
    if (reader.pattern[reader.at + 1] !== ':') throw new Refused('not-allowed')
    reader.at += 2
  }
  const ways = alternatives(reader)
  if (peek(reader) !== ')') throw new Refused('syntax')
  reader.at++
  reader.depth--
  return ways
}

function characterClass(reader: Reader): number {
  while (peek(reader) !== ']') {
    if (peek(reader) === undefined) throw new Refused('syntax')
    reader.at += peek(reader) === '\\' ? 2 : 1
  }
  reader.at++
  return 1
}

/** \d \w \s, a class of Unicode, an escaped sign; back references and word borders are not allowed. */
function escaped(reader: Reader): number {
  const character = peek(reader) ?? ''
  reader.at++
  if (/[dDwWsS^$\\.*+?()[\]{}|/-]/u.test(character)) return 1
  if (character !== 'p' && character !== 'P') throw new Refused('not-allowed')
  while (peek(reader) !== undefined && peek(reader) !== '}') reader.at++
  reader.at++
  return 1
}

function quantifier(reader: Reader): { readonly least: number; readonly most: number } | undefined {
  const rest = reader.pattern.slice(reader.at, reader.at + 16).join('')
  const found = /^(?:[*+?]|\{(\d{1,4})(?:(,)(\d{0,4}))?\})\??/u.exec(rest)
  if (found === null) return undefined
  reader.at += found[0].length
  const [sign] = found[0]
  if (sign === '*') return { least: 0, most: Number.POSITIVE_INFINITY }
  if (sign === '+') return { least: 1, most: Number.POSITIVE_INFINITY }
  if (sign === '?') return { least: 0, most: 1 }
  const least = Number(found[1])
  if (found[2] === undefined) return { least, most: least }
  return { least, most: found[3] === '' ? Number.POSITIVE_INFINITY : Number(found[3]) }
}
