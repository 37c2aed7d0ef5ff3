import { parseArgs } from 'node:util'
import { AppError } from '../../../preload/contract/errors.ts'
import type { CommandOutput } from '../seal/command.ts'

/** The options of these commands. */
export type ReleaseOptions = ReturnType<typeof readOrder>['values']

/** What a command is given. */
export type ReleaseOrder = {
  readonly words: readonly string[]
  readonly options: ReleaseOptions
  readonly io: CommandOutput
  readonly environment: NodeJS.ProcessEnv
}

/** USAGE with what is wrong. */
export function wrongUsage(why: string, cause?: unknown): AppError {
  return new AppError('USAGE', { why }, { cause })
}

/** An option that a command needs. Throws USAGE. */
export function needed(order: ReleaseOrder, name: keyof ReleaseOptions): string {
  const value = order.options[name]
  if (typeof value !== 'string' || value === '') throw wrongUsage(`要写 --${name}`)
  return value
}

/** The one word that a command is given. Throws USAGE. */
export function onlyWord({ words }: ReleaseOrder, what: string): string {
  const [word, ...more] = words
  if (word === undefined || more.length > 0) throw wrongUsage(`要写一个${what}`)
  return word
}

/** Reads a command line. Throws USAGE. */
export function readOrder(argv: readonly string[]) {
  const text = { type: 'string' } as const
  try {
    return parseArgs({
      args: [...argv],
      strict: true,
      allowPositionals: true,
      options: {
        ...{ out: text, previous: text, effective: text, targets: text, note: text, 'approved-by': text, county: text },
        ...{ key: text, 'pin-file': text, 'new-pin-file': text, name: text },
        ...{ centre: text, data: text, account: text },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
  } catch (cause) {
    throw wrongUsage('选项写得不对，请看 standards --help', cause)
  }
}
