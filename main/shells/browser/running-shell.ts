// Owns: how a second start on a data folder finds the shell that runs already, and gets a fresh address of it.
// Does not own: the folder of the station itself: the desk locks that.
// Start here: `becomeShell`.
import { createServer } from 'node:http'
import { AppError } from '../../../preload/contract/errors.ts'
import { type FolderLock, lockFolder } from '../../wire/local/folder-lock.ts'
import {
  hasToken,
  listenOnSocket,
  newOwnerToken,
  readOwner,
  readText,
  removeOwner,
  requestOverSocket,
  socketPathFor,
  writeOwner,
} from '../../wire/local/private-socket.ts'

/** The one shell of a folder. */
export type ShellOwner = {
  /** Answers later starts with an address from `freshAddress`. */
  readonly serve: (freshAddress: () => string) => Promise<void>
  readonly release: () => void
}

/** Takes the shell's folder, or asks the shell that has it for a fresh address. */
export async function becomeShell(shellFolder: string): Promise<ShellOwner | { readonly address: string }> {
  let lock: FolderLock
  try {
    lock = lockFolder(shellFolder)
  } catch (error) {
    if (error instanceof AppError && error.code === 'FOLDER_IN_USE')
      return { address: await askForAddress(shellFolder, error) }
    throw error
  }
  const token = newOwnerToken()
  const socketPath = socketPathFor(shellFolder)
  return {
    serve: async (freshAddress) => {
      const server = createServer((request, response) => {
        const allowed = request.url === '/address' && hasToken(request.headers.authorization, token)
        response.writeHead(allowed ? 200 : 403).end(allowed ? freshAddress() : '')
      })
      server.unref()
      await listenOnSocket(server, socketPath)
      writeOwner(shellFolder, { pid: process.pid, socketPath, token })
    },
    release: () => {
      removeOwner(shellFolder)
      lock.release()
    },
  }
}

async function askForAddress(shellFolder: string, inUse: AppError): Promise<string> {
  const owner = readOwner(shellFolder)
  if (owner === undefined) throw inUse
  const response = await requestOverSocket({
    socketPath: owner.socketPath,
    method: 'POST',
    path: '/address',
    headers: { authorization: `Bearer ${owner.token}` },
  })
  const address = await readText(response.body, 4096)
  if (response.status !== 200) throw inUse
  return address
}
