// Owns: a desk on a data folder: the folder's lock, a first start where it is due, the private socket, a clean end.
// Does not own: what is answered (server.ts, desk.ts), the process around it (process.ts).
// Start here: `runDesk`.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Clock, systemClock } from '../../preload/contract/clock.ts'
import { AppError } from '../../preload/contract/errors.ts'
import { hasVault, mapSqliteError } from '../store/index.ts'
import { lockFolder } from '../wire/local/folder-lock.ts'
import { listenOnSocket, newOwnerToken, removeOwner, socketPathFor, writeOwner } from '../wire/local/private-socket.ts'
import { createDesk } from './desk.ts'
import { createEventHub } from './events.ts'
import { takePlace } from './joining.ts'
import { openLog } from './log.ts'
import type { DeskOptions } from './options.ts'
import { readProfile } from './profile.ts'
import { createDeskServer } from './server.ts'
import { addTrainingApprover, makeTrainingStation } from './training.ts'

/** A running desk. */
export type RunningDesk = {
  readonly socketPath: string
  readonly token: string
  /** Closes the store cleanly and lets the folder go. Safe to call twice. */
  readonly stop: () => Promise<void>
}

/**
 * Takes the data folder, finishes a first start where it is due, and answers on the private socket. Throws FOLDER_IN_USE,
 * STORE_READ_ONLY, DISK_FULL, STORE_DAMAGED, STORE_FROM_NEWER_VERSION (the latter two at first start only; else the login
 * tells them), NOT_FOUND for a folder without a station where no training station is wanted. `onRestart` hears that another
 * station waits to take the place of this one: it does so when a desk starts on the folder again.
 */
export async function runDesk(
  options: DeskOptions,
  clock: Clock = systemClock,
  onRestart: () => void = () => undefined,
): Promise<RunningDesk> {
  makeFolder(options.dataFolder)
  const lock = lockFolder(options.dataFolder)
  try {
    return await runOnLockedFolder(options, clock, lock.release, onRestart)
  } catch (error) {
    lock.release()
    throw mapSqliteError(error)
  }
}

async function runOnLockedFolder(
  options: DeskOptions,
  clock: Clock,
  release: () => void,
  onRestart: () => void,
): Promise<RunningDesk> {
  const { dataFolder, resources, centreUrl, centreData } = options
  takePlace(dataFolder)
  const log = openLog(join(dataFolder, 'logs'), clock.now)
  const hub = createEventHub((error) => log('listener', error))
  const ground = { dataFolder, resources, clock, emit: hub.emit, log }
  if (!readProfile(dataFolder) && options.training) {
    await makeTrainingStation({ ...ground, division: options.division, pinCost: options.pinCost })
  }
  if (!readProfile(dataFolder)) throw new AppError('NOT_FOUND', { what: '本机的窗口登记' })
  if (!hasVault(dataFolder)) throw new AppError('STORE_DAMAGED', { reason: 'vault.json' })
  await addTrainingApprover({ dataFolder, clock, pinCost: options.pinCost }).catch((error) => {
    // Without them nothing but their approval is missing.
    log('the training approver could not be added', error)
  })
  const profile = readProfile(dataFolder)
  if (!profile) throw new Error('a profile does not go away')
  const enrolment = centreUrl !== undefined && centreData !== undefined ? { centreUrl, centreData } : undefined
  const { idleSeconds, pinCost } = options
  const desk = createDesk({ ...ground, profile, enrolment, idleSeconds, pinCost, restart: onRestart })
  const token = newOwnerToken()
  const server = createDeskServer({ desk, hub, log, token, checkOutputs: options.checkOutputs })
  const socketPath = socketPathFor(dataFolder)
  await listenOnSocket(server, socketPath)
  writeOwner(dataFolder, { pid: process.pid, socketPath, token })
  let stopping: Promise<void> | undefined
  const stop = async () => {
    removeOwner(dataFolder)
    const closed = new Promise((resolve) => server.close(resolve))
    await desk.close()
    server.closeAllConnections()
    await closed
    release()
  }
  return {
    socketPath,
    token,
    stop: () => {
      stopping ??= stop()
      return stopping
    },
  }
}

/** Makes a data folder. Throws STORE_READ_ONLY, DISK_FULL. */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (cause) {
    const mapped = mapSqliteError(cause)
    // Node says ENOENT for a new folder on a read-only disk, and ENOTDIR or EEXIST where a file is in the way.
    throw mapped instanceof AppError ? mapped : new AppError('STORE_READ_ONLY', {}, { cause })
  }
}
