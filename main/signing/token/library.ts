import { AppError } from '../../../preload/contract/errors.ts'
import {
  cryptokiError,
  type FunctionName,
  functionArguments,
  functionIndex,
  functionListStart,
  initializeArguments,
  rv,
} from './cryptoki.ts'

/** What a C function takes: a number, memory, or no memory. */
export type Argument = number | Buffer | null

/** A PKCS#11 library that is loaded and initialised; one person's calls do not come between another's. */
export type TokenLibrary = {
  /** The CK_RV of a function, called off the main thread: tokens take their time, and some ask a person. */
  call(name: FunctionName, ...given: readonly Argument[]): Promise<number>
  /** As `call`; throws what a clerk is told of any value but CKR_OK. */
  demand(name: FunctionName, ...given: readonly Argument[]): Promise<void>
  /** Where memory lies, for structures that point to it; it is kept until the steps that run now are over. */
  addressOf(memory: Buffer): bigint
  /**
   * Runs steps that belong together (find, find on, find no more), one after another with everybody else's. Every call
   * but the library's own start is made in here.
   */
  together<T>(steps: () => Promise<T>): Promise<T>
  /** Who is logged in to which token of this library, by serial number. */
  readonly logins: Map<string, TokenLogin>
  /** The last to give it back has the library forget its tokens, so that one plugged in later is seen. */
  release(): Promise<void>
}

/** A login, which PKCS#11 counts for the whole program and not for one session. */
export type TokenLogin = { readonly salt: Buffer; readonly pinHash: Buffer; seals: number }

type Koffi = typeof import('koffi')
type Loaded = Omit<TokenLibrary, 'release'>
type Shared = { readonly library: Promise<Loaded>; users: number }

const shared = new Map<string, Shared>()

/** Libraries that are being finished: they cannot be started again before that is done. */
const ending = new Map<string, Promise<unknown>>()

/**
 * The library at this path, loaded once. Give it back with `release`. Throws SEAL_TOKEN_UNSUPPORTED where the foreign
 * function interface is not installed or the file is no PKCS#11 library.
 */
export async function acquireTokenLibrary(path: string): Promise<TokenLibrary> {
  const own = shared.get(path) ?? { library: load(path), users: 0 }
  shared.set(path, own)
  own.users += 1
  let isReleased = false
  const release = async (): Promise<void> => {
    if (isReleased) return
    isReleased = true
    own.users -= 1
    if (own.users > 0) return
    shared.delete(path)
    const library = await own.library
    const end = library.together(() => library.call('C_Finalize', null))
    ending.set(path, end)
    await end
    if (ending.get(path) === end) ending.delete(path)
  }
  try {
    const library = await own.library
    return { ...library, release }
  } catch (error) {
    if (shared.get(path) === own) shared.delete(path)
    throw error
  }
}

async function load(path: string): Promise<Loaded> {
  await ending.get(path)
  const koffi = await importKoffi()
  let functions: Functions
  try {
    functions = readFunctions(koffi, path)
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw new AppError('SEAL_TOKEN_UNSUPPORTED', { why: '驱动程序打不开' }, { cause })
  }
  const held: Buffer[] = []
  const addressOf = (memory: Buffer): bigint => {
    held.push(memory)
    return koffi.address(memory)
  }
  const call: Loaded['call'] = (name, ...given) =>
    new Promise((resolve, reject) => {
      const values = given.map((one) => (Buffer.isBuffer(one) ? addressOf(one) : one))
      functions[name].async(...values, (error: unknown, value: number | bigint) => {
        if (error === null) resolve(Number(value))
        else reject(error)
      })
    })
  const demand: Loaded['demand'] = async (name, ...given) => {
    const value = await call(name, ...given)
    if (value !== rv.ok) throw cryptokiError(name, value)
  }
  const started = await call('C_Initialize', initializeArguments())
  if (started !== rv.ok && started !== rv.alreadyInitialized) throw cryptokiError('C_Initialize', started)
  return { call, demand, addressOf, together: inOrder(() => held.splice(0)), logins: new Map() }
}

async function importKoffi(): Promise<Koffi> {
  try {
    return await import('koffi')
  } catch (cause) {
    throw new AppError('SEAL_TOKEN_UNSUPPORTED', { why: '没有装上读取它的组件' }, { cause })
  }
}

/** Handles of loaded libraries, kept for good: koffi unloads a library whose handle is collected, under its functions. */
const handles = new Map<string, LibraryHandle>()

type LibraryHandle = ReturnType<Koffi['load']>
type Functions = Readonly<Record<FunctionName, ReturnType<LibraryHandle['func']>>>

/** The functions behind C_GetFunctionList (3.4), the one name that every library exports. */
function readFunctions(koffi: Koffi, path: string): Functions {
  const types = { ulong: 'ulong', byte: 'uint8', pointer: 'void *' } as const
  const handle = handles.get(path) ?? koffi.load(path)
  handles.set(path, handle)
  const getList = handle.func('C_GetFunctionList', 'ulong', ['void *'])
  const out = Buffer.alloc(8)
  const value = Number(getList(koffi.address(out)))
  if (value !== rv.ok) throw cryptokiError('C_GetFunctionList', value)
  const list = out.readBigUInt64LE()
  const read = (name: FunctionName) => {
    const pointer: unknown = koffi.decode(list + BigInt(functionListStart + functionIndex[name] * 8), 'void *')
    return koffi.decode(
      pointer,
      koffi.proto(
        'ulong',
        functionArguments[name].map((kind) => types[kind]),
      ),
    )
  }
  const names = Object.keys(functionIndex) as FunctionName[]
  return Object.fromEntries(names.map((name) => [name, read(name)])) as Functions
}

/** Runs one thing after another, whether or not the one before failed, and tidies up after each. */
function inOrder(tidy: () => void): Loaded['together'] {
  let last: Promise<unknown> = Promise.resolve()
  return (steps) => {
    const next = last.then(steps).finally(tidy)
    last = next.catch(() => {})
    return next
  }
}
