// Owns: the command line: the same desk without a window.
// Does not own: what a command does behind the call (main/desk, main/features), seals on files (seal/), standards in files (standards/), invented cases (seed.ts).
// Start here: `runCli`.
import { realpathSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { AppError } from '../../preload/contract/errors.ts'
import { failureLine } from '../../preload/contract/sentences.ts'
import { mapSqliteError } from '../store/index.ts'
import { readCommand, usage } from './arguments.ts'
import { bundleCommand } from './bundle.ts'
import { runCommand } from './commands.ts'
import { openDeskLine } from './desk-line.ts'
import { type CommandOutput, sealCommand } from './seal/command.ts'
import { seedCommand } from './seed.ts'
import { standardsCommand } from './standards/command.ts'
import { isReleaseWord, releaseCommand } from './standards/release-command.ts'
import { stationJoinCommand } from './station.ts'

/** Runs one command line. Gives the exit code: 0 done, 1 refused, 2 wrong usage. A refusal is one Chinese sentence on stderr. */
export async function runCli(
  argv: readonly string[],
  io: CommandOutput,
  environment: NodeJS.ProcessEnv,
): Promise<0 | 1 | 2> {
  if (argv[0] === 'seal') return await sealCommand(argv.slice(1), io)
  if (argv[0] === 'standards' && !isReleaseWord(argv[1])) return await standardsCommand(argv.slice(1), io)
  try {
    if (argv[0] === 'station' && argv[1] === 'join') return await stationJoinCommand(argv.slice(2), io, environment)
    if (argv[0] === 'bundle') return await bundleCommand(argv.slice(1), io, environment)
    if (argv[0] === 'standards') return await releaseCommand(argv.slice(1), io, environment)
    const command = readCommand(argv, environment)
    if (command.name === 'help') {
      io.stdout(usage)
      return 0
    }
    if (command.name === 'seed') return await seedCommand(command, io)
    const line = await openDeskLine(command.options)
    try {
      return await runCommand(command, line, io)
    } finally {
      await line.close()
    }
  } catch (thrown) {
    const error = mapSqliteError(thrown)
    if (!(error instanceof AppError)) throw error
    const { incident, ...details } = error.details
    io.stderr(failureLine({ code: error.code, details, ...(typeof incident === 'string' ? { incident } : {}) }))
    return error.code === 'USAGE' ? 2 : 1
  }
}

/** True where this file was started, not imported. */
function isStarted(): boolean {
  const [, script] = process.argv
  return script !== undefined && import.meta.url === pathToFileURL(realpathSync(script)).href
}

if (isStarted()) {
  z.config({ jitless: true })
  process.stdout.on('error', () => process.exit(0)) // `cli … | head` closes the pipe
  const io = {
    stdout: (line: string) => void process.stdout.write(`${line}\n`),
    stderr: (line: string) => void process.stderr.write(`${line}\n`),
    ...(process.stderr.isTTY ? { progress: (line: string) => void process.stderr.write(`\r\x1b[2K${line}\r`) } : {}),
  }
  try {
    process.exitCode = await runCli(process.argv.slice(2), io, process.env)
  } catch (error) {
    io.stderr(failureLine({ code: 'INTERNAL', details: {} }))
    if (process.env.CUNCHUANG_DEBUG !== undefined) console.error(error)
    process.exitCode = 1
  }
}
