import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../preload/contract/errors.ts'

/** Writes lines that people who mend the program read. */
export type Log = (what: string, error?: unknown) => void

/**
 * A log in `folder`, a file a day, a JSON line an event. Never personal data: long digits and Chinese text are cut out of
 * messages, and only the code of an expected failure is kept. A log that cannot be written stops nobody.
 */
export function openLog(folder: string, now: () => Date): Log {
  return (what, error) => {
    const at = now().toISOString()
    const line = { at, what, ...(error === undefined ? {} : { error: describeError(error) }) }
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      appendFileSync(join(folder, `desk-${at.slice(0, 10)}.log`), `${JSON.stringify(line)}\n`, { mode: 0o600 })
    } catch {
      // A full or read-only disk: what matters is told to the clerk by the failing call itself.
    }
  }
}

type Described = {
  readonly name: string
  readonly message: string
  readonly frames: readonly string[]
  readonly cause?: Described
}

function describeError(error: unknown, depth = 0): Described {
  if (!(error instanceof Error)) return { name: typeof error, message: scrub(String(error)), frames: [] }
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  const message = error instanceof AppError ? error.code : scrub(error.message)
  const isDeeper = error.cause !== undefined && depth < 4
  return {
    name: error.name,
    message,
    frames: frames.slice(0, 12).map((line) => line.trim()),
    ...(isDeeper ? { cause: describeError(error.cause, depth + 1) } : {}),
  }
}

/** A message without what may be somebody's number or name. */
export function scrub(message: string): string {
  return message
    .replaceAll(/[0-9Xx]{6,}/g, '#')
    .replaceAll(/\p{Script=Han}+/gu, '…')
    .slice(0, 500)
}
