// Owns: the desk as a process of its own.
// Does not own: the desk (run.ts), who starts it (main/shells, main/cli, tests).
// Start here: `main`. By hand: node main/desk/process.ts --data DIR --resources resources --training
//   [--centre-url URL --centre-data DIR] [--division CODE]; it prints {"ready":true,"socketPath":…} and writes DIR/owner.json.
import { z } from 'zod'
import { AppError } from '../../preload/contract/errors.ts'
import { failureLine } from '../../preload/contract/sentences.ts'
import { readDeskOptions } from './options.ts'
import { runDesk } from './run.ts'

z.config({ jitless: true })

/** The answer that a new station waits is heard first. */
const answerMs = 500

/** Says on stdout when the desk is ready, on stderr in one sentence why it cannot start (exit 1; 2 for wrong arguments). */
async function main(): Promise<void> {
  try {
    const options = readDeskOptions(process.argv.slice(2))
    const desk = await runDesk(options, undefined, () => setTimeout(() => end(), answerMs))
    const end = () => {
      desk.stop().then(
        () => process.exit(0),
        () => process.exit(1),
      )
    }
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, end)
    if (options.withParent) process.stdin.resume().once('close', end).once('end', end)
    process.stdout.on('error', () => undefined)
    console.log(JSON.stringify({ ready: true, socketPath: desk.socketPath }))
  } catch (error) {
    process.stderr.write(`${sentenceFor(error)}\n`)
    // Not exitCode: an Electron utility process would stay, held by its parent's port.
    process.exit(error instanceof AppError && error.code === 'USAGE' ? 2 : 1)
  }
}

function sentenceFor(error: unknown): string {
  if (error instanceof AppError) return failureLine(error)
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

await main()
