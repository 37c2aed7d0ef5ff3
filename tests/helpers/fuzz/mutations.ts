// Owns: damaging PDFs on purpose, the same way for the same seed.
// Does not own: what sealing and checking must do with them (tests/integration/seal-fuzz.test.ts).
// Start here: mutate.

/** Whole numbers from 0 up to, not including, `limit`. */
export type Random = (limit: number) => number

/** Numbers that follow from the seed alone (mulberry32). */
export function randomFrom(seed: number): Random {
  let state = Math.imul(seed, 2654435761) >>> 0
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit)
  }
}

type Mutation = (pdf: Buffer, random: Random, other: Buffer) => Buffer

const keywords = [
  ...['obj', 'endobj', 'stream', 'endstream', 'xref', 'trailer', 'startxref', '%%EOF', 'null', 'R'],
  ...[
    '/Length',
    '/Prev',
    '/XRefStm',
    '/Size',
    '/Root',
    '/Index',
    '/W',
    '/Filter',
    '/DecodeParms',
    '/Predictor',
    '/Columns',
  ],
  ...['/Type', '/Pages', '/Page', '/Kids', '/Count', '/Parent', '/MediaBox', '/CropBox', '/Rotate', '/Contents'],
  ...['/Annots', '/AcroForm', '/Fields', '/FT', '/Sig', '/V', '/T', '/ByteRange', '/SubFilter', '/Rect', '/AP', '/P'],
  ...[
    '/ObjStm',
    '/XRef',
    '/First',
    '/N',
    '/Extends',
    '/Encrypt',
    '/FlateDecode',
    '/Perms',
    '/Reference',
    '<<',
    '>>',
    '[',
    ']',
  ],
]

const oddNumbers = [
  '0',
  '-1',
  '1',
  '9',
  '65535',
  '65536',
  '2147483647',
  '4294967296',
  '99999999999999999999',
  '1.5',
  '',
]

/** Overwrites or inserts text at a place. */
const spliced = (pdf: Buffer, at: number, remove: number, insert: Buffer | string): Buffer =>
  Buffer.concat([
    pdf.subarray(0, at),
    typeof insert === 'string' ? Buffer.from(insert, 'latin1') : insert,
    pdf.subarray(at + remove),
  ])

const block = (pdf: Buffer, random: Random, most = 400): { at: number; length: number } => {
  const length = 1 + random(Math.min(most, pdf.length))
  return { at: random(Math.max(1, pdf.length - length)), length }
}

/** One match of the pattern, drawn by the random numbers. */
function pick(pdf: Buffer, pattern: RegExp, random: Random): { at: number; text: string } | undefined {
  const found = [...pdf.toString('latin1').matchAll(pattern)]
  const match = found[random(Math.max(1, found.length))]
  return match === undefined ? undefined : { at: match.index, text: match[0] }
}

const editNumber =
  (pattern: RegExp): Mutation =>
  (pdf, random) => {
    const number = pick(pdf, pattern, random)
    if (number === undefined) return pdf
    const odd = oddNumbers[random(oddNumbers.length)] ?? ''
    const near = `${Math.max(0, Number(number.text) + random(21) - 10)}`
    return spliced(pdf, number.at, number.text.length, random(3) === 0 ? odd : near)
  }

const mutations: readonly Mutation[] = [
  function flipBits(pdf, random) {
    const out = Buffer.from(pdf)
    for (let count = 1 + random(8); count > 0; count--) {
      const at = random(out.length)
      out[at] = (out[at] ?? 0) ^ (1 << random(8))
    }
    return out
  },
  function insertBytes(pdf, random) {
    return spliced(pdf, random(pdf.length), 0, Buffer.from(Array.from({ length: 1 + random(16) }, () => random(256))))
  },
  function removeBlock(pdf, random) {
    const { at, length } = block(pdf, random)
    return spliced(pdf, at, length, '')
  },
  function repeatBlock(pdf, random) {
    const { at, length } = block(pdf, random)
    return spliced(pdf, random(pdf.length), 0, pdf.subarray(at, at + length))
  },
  function swapBlocks(pdf, random) {
    const [one, two] = [block(pdf, random), block(pdf, random)].sort((a, b) => a.at - b.at)
    if (one === undefined || two === undefined || one.at + one.length > two.at) return pdf
    const [first, second] = [one, two].map(({ at, length }) => Buffer.from(pdf.subarray(at, at + length)))
    return spliced(spliced(pdf, two.at, two.length, first ?? ''), one.at, one.length, second ?? '')
  },
  (pdf, random) => pdf.subarray(0, random(pdf.length)),
  editNumber(/(?<=\/(Length|Prev|Size|Index \[|W \[|XRefStm|N|First|Count|ByteRange \[)\s*)\d+/g),
  editNumber(/(?<=startxref\s+)\d+/g),
  editNumber(/\d{10}(?= \d{5} [nf])/g),
  editNumber(/(?<![\da-f])\d{1,10}(?= \d{1,5} (R|obj)\b)/g),
  editNumber(/(?<![\da-f])\d{1,10}\b/g),
  function swapKeyword(pdf, random) {
    const word = keywords[random(keywords.length)] ?? 'obj'
    const escaped = word.replace(/[[\]/%]/g, '\\$&')
    const found = pick(pdf, new RegExp(escaped, 'g'), random)
    return found === undefined ? pdf : spliced(pdf, found.at, word.length, keywords[random(keywords.length)] ?? '')
  },
  function spliceFiles(pdf, random, other) {
    return Buffer.concat([pdf.subarray(0, random(pdf.length)), other.subarray(random(other.length))])
  },
  function append(pdf, random, other) {
    const tails = ['\n', ' ', '%comment\n', `startxref\n${random(pdf.length)}\n%%EOF\n`, 'startxref\n0\n%%EOF', other]
    return Buffer.concat([pdf, Buffer.from(tails[random(tails.length)] ?? '')])
  },
]

/** The PDF damaged in one to four ways that follow from the seed; `other` lends its bytes where two files are mixed. */
export function mutate(pdf: Buffer, seed: number, other: Buffer): Buffer {
  const random = randomFrom(seed)
  let out = pdf
  for (let count = 1 + random(4); count > 0; count--) {
    const mutation = mutations[random(mutations.length)]
    // An emptied file has nothing left to damage.
    if (mutation !== undefined && out.length > 1) out = mutation(out, random, other)
  }
  return out
}
