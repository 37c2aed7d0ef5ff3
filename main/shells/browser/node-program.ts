// Owns: our programs as plain Node processes.
// Does not own: which ones run (desk-process.ts).
// Start here: `launchNode`.
import { spawn } from 'node:child_process'
import type { ChildProgram } from '../child-program.ts'

/**
 * Starts a program under this very Node. Its standard input stays open as long as this process lives: a program started
 * with --with-parent ends when that closes, so nothing is left behind even when the shell is killed. It gets a process
 * group of its own, so that Ctrl+C reaches the shell alone and the end stays in order.
 */
export function launchNode(file: string, args: readonly string[]): ChildProgram {
  const child = spawn(process.execPath, [file, ...args, '--with-parent'], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  })
  const exited = new Promise<number | null>((resolve) => {
    child.once('exit', resolve)
    child.once('error', () => resolve(null))
  })
  child.stdin.on('error', () => undefined)
  return {
    stdout: child.stdout,
    stderr: child.stderr,
    exited,
    // On Windows a signal would kill it; the end of its input asks it.
    stop: () => (process.platform === 'win32' ? child.stdin.end() : child.kill('SIGTERM')),
    kill: () => child.kill('SIGKILL'),
  }
}
