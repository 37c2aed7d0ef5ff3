// Owns: our programs as Electron utility processes.
// Does not own: which ones run (../desk-process.ts).
// Start here: `launchUtility`.
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import { utilityProcess } from 'electron'
import type { ChildProgram } from '../child-program.ts'

/** Starts a program as a utility process, which Electron ends with the application. Only after Electron is ready. */
export function launchUtility(file: string, args: readonly string[]): ChildProgram {
  const child = utilityProcess.fork(file, [...args], { stdio: 'pipe', serviceName: basename(file, '.js') })
  const exited = new Promise<number | null>((resolve) => {
    child.once('exit', resolve)
  })
  return {
    stdout: asReadable(child.stdout),
    stderr: asReadable(child.stderr),
    exited,
    stop: () => void child.kill(),
    kill: () => {
      if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL')
    },
  }
}

function asReadable(stream: NodeJS.ReadableStream | null): Readable {
  return stream instanceof Readable ? stream : new Readable().wrap(stream ?? Readable.from([]))
}
