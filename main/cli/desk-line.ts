import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { CallInput, CallName, CallOutput } from '../../preload/contract/api.ts'
import { AppError, type Result } from '../../preload/contract/errors.ts'
import { readDeskOptions } from '../desk/options.ts'
import { readProfile } from '../desk/profile.ts'
import { runDesk } from '../desk/run.ts'
import { programFiles } from '../shells/program-files.ts'
import { type Owner, readOwner, readText, requestOverSocket } from '../wire/local/private-socket.ts'
import type { CommandOptions } from './arguments.ts'

/** A line to the desk of a data folder. */
export type DeskLine = {
  /** The value of a call; throws its failure as an `AppError`. */
  readonly ask: <N extends CallName>(name: N, input: CallInput<N>) => Promise<CallOutput<N>>
  /** Logs in for the calls that follow. Throws USAGE without account and PIN file, PIN_WRONG, PIN_WAIT, FILE_NOT_FOUND. */
  readonly login: () => Promise<void>
  /** Ends the session and, where this process opened the folder itself, closes it. */
  readonly close: () => Promise<void>
}

/**
 * Reaches the process that owns the data folder; where nobody does, opens the folder in this process with the same desk,
 * without a window. Throws as `runDesk`: FOLDER_IN_USE where the owner is just starting or ending, NOT_FOUND for a folder
 * without a station (none is made).
 */
export async function openDeskLine(options: CommandOptions): Promise<DeskLine> {
  const running = await livingOwner(options.dataFolder)
  if (running !== undefined) return lineTo(running, options, async () => undefined)
  if (readProfile(options.dataFolder) === undefined)
    throw new AppError('NOT_FOUND', { what: '这个数据文件夹里的工作站' })
  const { resources } = programFiles()
  const desk = await runDesk(readDeskOptions(['--data', options.dataFolder, '--resources', resources]))
  return lineTo(desk, options, desk.stop)
}

type Door = Pick<Owner, 'socketPath' | 'token'>

/** The owner that answers; undefined where there is none or `owner.json` was left by a crash. */
async function livingOwner(dataFolder: string): Promise<Door | undefined> {
  const owner = readOwner(dataFolder)
  if (owner === undefined) return undefined
  try {
    await call(owner, undefined, 'station.status', {})
    return owner
  } catch (error) {
    if (error instanceof AppError && error.code === 'DESK_RESTARTING') return undefined
    throw error
  }
}

function lineTo(door: Door, options: CommandOptions, stop: () => Promise<void>): DeskLine {
  let sessionId: string | undefined
  return {
    ask: (name, input) => call(door, sessionId, name, input),
    async login() {
      const { account, pinFile } = options
      if (account === undefined || pinFile === undefined) {
        throw new AppError('USAGE', { why: '这个命令要登录，请加 --account 账号 --pin-file 口令文件' })
      }
      const session = await call(door, undefined, 'session.login', { account, pin: await readPin(pinFile) })
      sessionId = session.sessionId
    },
    async close() {
      try {
        if (sessionId !== undefined) await call(door, sessionId, 'session.lock', {})
      } finally {
        await stop()
      }
    },
  }
}

async function readPin(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).replace(/\r?\n$/, '')
  } catch (cause) {
    throw new AppError('FILE_NOT_FOUND', { name: basename(file) }, { cause })
  }
}

async function call<N extends CallName>(
  door: Door,
  sessionId: string | undefined,
  name: N,
  input: CallInput<N>,
): Promise<CallOutput<N>> {
  const response = await requestOverSocket({
    socketPath: door.socketPath,
    method: 'POST',
    path: `/call/${name}`,
    headers: {
      authorization: `Bearer ${door.token}`,
      'content-type': 'application/json',
      ...(sessionId === undefined ? {} : { 'x-session': sessionId }),
    },
    body: JSON.stringify(input),
  })
  const text = await readText(response.body, 64 << 20)
  if (response.status === 401) throw new AppError('DESK_RESTARTING')
  const result = JSON.parse(text) as Result<CallOutput<N>>
  if (result.ok) return result.value
  const { code, details, incident } = result.error
  throw new AppError(code, incident === undefined ? details : { ...details, incident })
}
