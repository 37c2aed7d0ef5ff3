// Owns: which regular expressions a standard's form may use, so that no answer can make matching take for ever.
// Does not own: matching (the interpreter of JSON Schema does it).
// Start here: patternFault.

/**
 * A part of JavaScript's regular expressions whose work can be bounded before it runs: characters, classes, groups,
 * alternatives and quantifiers; no look-around, no back references. Two things are counted for texts of a given length: the
 * ways in which a backtracking matcher could go through the pattern (the product of the choices that stand after one
 * another), and the steps that trying all of them takes. A pattern is refused where either is too large. That is stricter
 * than need be, and needs no other matcher.
 */

/** Longest pattern, in characters. */
const longestPattern = 200
/** The most ways that a matcher may have to try, and the most steps that they may take together: some hundredths of a second. */
const mostWays = 200_000
const mostSteps = 2_000_000

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
  const work = patternWork(pattern, longestText)
  return typeof work === 'number' ? undefined : work
}

/** How many steps matching a text of at most so many characters takes at most, or what is wrong with the pattern. Never throws. */
export function patternWork(pattern: string, longestText: number): number | PatternFault {
  if (pattern.length > longestPattern) return 'too-long'
  try {
    new RegExp(pattern, 'u')
  } catch {
    return 'syntax'
  }
  try {
    const reader: Reader = { pattern: [...pattern], at: 0, longestText, depth: 0 }
    const { ways, steps } = alternatives(reader)
    if (reader.at < reader.pattern.length) return 'not-allowed'
    const starts = pattern.startsWith('^') && !isTopLevelChoice(pattern) ? 1 : longestText + 1
    return ways * starts > mostWays || steps * starts > mostSteps ? 'explodes' : steps * starts
  } catch (error) {
    if (error instanceof Refused) return error.why
    throw error
  }
}

type Reader = { readonly pattern: readonly string[]; at: number; readonly longestText: number; depth: number }

/** A part of a pattern: the ways through it, the steps of trying them all, the characters that it takes at least. */
type Work = { readonly ways: number; readonly steps: number; readonly least: number }

const one: Work = { ways: 1, steps: 1, least: 1 }
const nothing: Work = { ways: 1, steps: 1, least: 0 }

/** `^a|b` is anchored in its first alternative alone. */
function isTopLevelChoice(pattern: string): boolean {
  return pattern.includes('|')
}

const peek = (reader: Reader) => reader.pattern[reader.at]

/** Of a|b|c: the sum. */
function alternatives(reader: Reader): Work {
  let work = sequence(reader)
  while (peek(reader) === '|') {
    reader.at++
    const { ways, steps, least } = sequence(reader)
    work = { ways: work.ways + ways, steps: work.steps + steps, least: Math.min(work.least, least) }
  }
  return work
}

/** Of what stands one after another: ways multiply, and each way so far goes through all of the next part. */
function sequence(reader: Reader): Work {
  let work: Work = nothing
  while (reader.at < reader.pattern.length && peek(reader) !== '|' && peek(reader) !== ')') {
    const { ways, steps, least } = quantified(reader)
    work = { ways: work.ways * ways, steps: work.steps + work.ways * steps, least: work.least + least }
  }
  return work
}

function quantified(reader: Reader): Work {
  const body = single(reader)
  const counts = quantifier(reader)
  if (counts === undefined) return body
  // A repetition takes characters, or it is one of those that must be.
  const room = body.least > 0 ? Math.floor(reader.longestText / body.least) + 1 : counts.least + reader.longestText
  const most = Math.min(counts.most, room)
  const choices = Math.max(1, most - counts.least + 1)
  const least = body.least * counts.least
  if (body.ways === 1) return { ways: choices, steps: most * body.steps + choices, least }
  // Ways of each repetition multiply: with more than one repetition that is a power.
  const power = body.ways ** Math.min(most, 60)
  return { ways: power * choices, steps: power * (most * body.steps + choices), least }
}

function single(reader: Reader): Work {
  const character = peek(reader)
  reader.at++
  if (character === '(') return group(reader)
  if (character === '[') return characterClass(reader)
  if (character === '\\') return escaped(reader)
  if (character === undefined || '*+?{}'.includes(character)) throw new Refused('syntax')
  return character === '^' || character === '$' ? nothing : one
}

function group(reader: Reader): Work {
  if (++reader.depth > 10) throw new Refused('not-allowed')
  if (peek(reader) === '?') {
    if (reader.pattern[reader.at + 1] !== ':') throw new Refused('not-allowed')
    reader.at += 2
  }
  const work = alternatives(reader)
  if (peek(reader) !== ')') throw new Refused('syntax')
  reader.at++
  reader.depth--
  return work
}

function characterClass(reader: Reader): Work {
  while (peek(reader) !== ']') {
    if (peek(reader) === undefined) throw new Refused('syntax')
    reader.at += peek(reader) === '\\' ? 2 : 1
  }
  reader.at++
  return one
}

/** \d \w \s, a class of Unicode, an escaped sign; back references and word borders are not allowed. */
function escaped(reader: Reader): Work {
  const character = peek(reader) ?? ''
  reader.at++
  if (/[dDwWsS^$\\.*+?()[\]{}|/-]/u.test(character)) return one
  if (character !== 'p' && character !== 'P') throw new Refused('not-allowed')
  while (peek(reader) !== undefined && peek(reader) !== '}') reader.at++
  reader.at++
  return one
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
