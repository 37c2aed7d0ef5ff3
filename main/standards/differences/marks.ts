import type { Mark } from '../../../preload/contract/standards/findings.ts'

/** The most tokens a side that are woven; longer texts are marked whole. */
const mostTokens = 400

/**
 * Two texts woven into one: what stayed, what went, what came. Words of Latin letters and numbers stay whole, Chinese
 * goes by characters. Reading only `same` and `removed` gives the first text, `same` and `added` the second.
 */
export function marksOf(before: string, after: string): Mark[] {
  const [old, young] = [tokensOf(before), tokensOf(after)]
  if (old.length > mostTokens || young.length > mostTokens) {
    return joined([
      ['removed', before],
      ['added', after],
    ])
  }
  return joined(weave(old, young))
}

type Piece = readonly [kind: Mark['kind'], text: string]

function tokensOf(text: string): string[] {
  return text.match(/[A-Za-z0-9._%-]+|\s+|[^A-Za-z0-9._%\s-]/gu) ?? []
}

function weave(old: readonly string[], young: readonly string[]): Piece[] {
  const common = commonLengths(old, young)
  const at = (row: number, column: number) => common[row]?.[column] ?? 0
  const pieces: Piece[] = []
  let [i, j] = [0, 0]
  while (i < old.length || j < young.length) {
    const [was, is] = [old[i], young[j]]
    if (was !== undefined && was === is) {
      pieces.push(['same', was])
      i++
      j++
    } else if (was !== undefined && (is === undefined || at(i + 1, j) >= at(i, j + 1))) {
      pieces.push(['removed', was])
      i++
    } else if (is !== undefined) {
      pieces.push(['added', is])
      j++
    }
  }
  return pieces
}

/** Lengths of the longest common sequence of what is left from each pair of places. */
function commonLengths(old: readonly string[], young: readonly string[]): number[][] {
  const lengths = Array.from({ length: old.length + 1 }, () => new Array<number>(young.length + 1).fill(0))
  for (let i = old.length - 1; i >= 0; i--) {
    const [row, below] = [lengths[i] ?? [], lengths[i + 1] ?? []]
    for (let j = young.length - 1; j >= 0; j--) {
      row[j] = old[i] === young[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0)
    }
  }
  return lengths
}

/** Neighbours of one kind as one mark; what went stands before what came. */
function joined(pieces: readonly Piece[]): Mark[] {
  const marks: Mark[] = []
  let pending: Record<'removed' | 'added', string> = { removed: '', added: '' }
  const flush = () => {
    for (const kind of ['removed', 'added'] as const)
      if (pending[kind] !== '') marks.push({ kind, text: pending[kind] })
    pending = { removed: '', added: '' }
  }
  for (const [kind, text] of pieces) {
    if (text === '') continue
    if (kind !== 'same') pending[kind] += text
    else {
      flush()
      const last = marks.at(-1)
      if (last?.kind === 'same') marks[marks.length - 1] = { kind, text: last.text + text }
      else marks.push({ kind, text })
    }
  }
  flush()
  return marks
}
