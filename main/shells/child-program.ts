// Owns: a program of ours that a shell runs beside itself, seen the same way from both shells: until it is ready, until it has ended.
// Does not own: which programs run, or when they are started again (desk-process.ts, centre-process.ts).
// Start here: `waitUntilReady`.
import type { Readable } from 'node:stream'

/** A running program of ours. */
export type ChildProgram = {
  readonly stdout: Readable
  readonly stderr: Readable
  /** Settles with the exit code (null after a signal) once it has ended; never rejects. */
  readonly exited: Promise<number | null>
  /** Asks it to end; it closes its store first. */
  readonly stop: () => void
  /** Ends it at once. */
  readonly kill: () => void
}

/** Starts `file` with arguments: plain Node in the browser shell, a utility process in Electron's. */
export type Launch = (file: string, args: readonly string[]) => ChildProgram

/** A program that does not end by itself after this is killed: its store survives that. */
const stopPatienceMs = 8000

/** Waits between restarts; the last one repeats. */
const restartWaitsMs = [100, 300, 1000, 3000, 10_000] as const

/** How long to wait before a program that ended is started for the n-th time again (0, 1, 2 …), in milliseconds. */
export function restartWaitMs(attempt: number): number {
  return restartWaitsMs[Math.min(attempt, restartWaitsMs.length - 1)] ?? 0
}

/** Asks a program to end, and ends it where it takes too long; resolves when it is gone. */
export async function endProgram(program: ChildProgram): Promise<void> {
  program.stop()
  const overdue = setTimeout(program.kill, stopPatienceMs)
  await program.exited
  clearTimeout(overdue)
}

/** The program ended before it was ready; `sentence` is what it said last. */
export class ProgramRefused extends Error {
  readonly sentence: string

  constructor(sentence: string) {
    super(sentence)
    this.name = 'ProgramRefused'
    this.sentence = sentence
  }
}

/** Resolves with the one JSON line in which a program says that it is ready. Throws ProgramRefused when it ends before. */
export async function waitUntilReady(program: ChildProgram): Promise<Readonly<Record<string, unknown>>> {
  let said = ''
  program.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4000)
  })
  return await new Promise((resolve, reject) => {
    forEachLine(program.stdout, (line) => {
      const value = readyLine(line)
      if (value !== undefined) resolve(value)
    })
    program.exited.then((code) => reject(new ProgramRefused(said.trim() || `exit ${code}`)))
  })
}

function readyLine(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    const value = JSON.parse(line) as Record<string, unknown>
    return 'ready' in value || 'listening' in value ? value : undefined
  } catch {
    return undefined
  }
}

/** Calls `take` with each whole line of a text stream, to its end. Keeps reading, so that the writer never blocks. */
export function forEachLine(stream: Readable, take: (line: string) => void): void {
  let rest = ''
  stream.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) take(line)
  })
}
