import { AppError } from '../../../preload/contract/errors.ts'

/**
 * Numbers and memory of PKCS#11 (OASIS PKCS#11 2.40) as far as they are needed. CK_ULONG is a C `unsigned long`: eight
 * bytes on 64-bit Linux, four on Windows, where the structures are packed besides (2.1). Windows was not run.
 */
const isWindows = process.platform === 'win32'
const ulongBytes = isWindows ? 4 : 8
const pointerBytes = 8

/** Where the pointers of CK_FUNCTION_LIST begin: behind a CK_VERSION, aligned where structures are not packed. */
export const functionListStart = isWindows ? 2 : pointerBytes

/** The order of CK_FUNCTION_LIST (3.4). */
export const functionIndex = {
  C_Initialize: 0,
  C_Finalize: 1,
  C_GetSlotList: 4,
  C_GetTokenInfo: 6,
  C_OpenSession: 12,
  C_CloseSession: 13,
  C_Login: 18,
  C_Logout: 19,
  C_GetAttributeValue: 24,
  C_FindObjectsInit: 26,
  C_FindObjects: 27,
  C_FindObjectsFinal: 28,
  C_SignInit: 42,
  C_Sign: 43,
} as const

/** A function of the list. */
export type FunctionName = keyof typeof functionIndex

/** What each function takes besides its CK_RV: `ulong`s, and `pointer`s as addresses. */
export const functionArguments: Readonly<Record<FunctionName, readonly ('ulong' | 'pointer' | 'byte')[]>> = {
  C_Initialize: ['pointer'],
  C_Finalize: ['pointer'],
  C_GetSlotList: ['byte', 'pointer', 'pointer'],
  C_GetTokenInfo: ['ulong', 'pointer'],
  C_OpenSession: ['ulong', 'ulong', 'pointer', 'pointer', 'pointer'],
  C_CloseSession: ['ulong'],
  C_Login: ['ulong', 'ulong', 'pointer', 'ulong'],
  C_Logout: ['ulong'],
  C_GetAttributeValue: ['ulong', 'ulong', 'pointer', 'ulong'],
  C_FindObjectsInit: ['ulong', 'pointer', 'ulong'],
  C_FindObjects: ['ulong', 'pointer', 'ulong', 'pointer'],
  C_FindObjectsFinal: ['ulong'],
  C_SignInit: ['ulong', 'pointer', 'ulong'],
  C_Sign: ['ulong', 'pointer', 'ulong', 'pointer', 'pointer'],
}

/** Flags, classes, attributes, mechanisms. */
export const ck = {
  osLockingOk: 0x2,
  serialSession: 0x4,
  userPinLocked: 0x40000,
  user: 1,
  certificate: 1,
  privateKey: 3,
  attributeClass: 0x0,
  attributeValue: 0x11,
  attributeKeyType: 0x100,
  attributeId: 0x102,
  keyRsa: 0x0,
  keyEc: 0x3,
  rsaPkcs: 0x1,
  sha256RsaPkcs: 0x40,
  ecdsa: 0x1041,
} as const

/** Return values that mean something of their own here. */
export const rv = {
  ok: 0x0,
  mechanismInvalid: 0x70,
  userAlreadyLoggedIn: 0x100,
  alreadyInitialized: 0x191,
} as const

const pinWrong: readonly number[] = [0xa0, 0xa1, 0xa2]
const pinLocked: readonly number[] = [0xa3, 0xa4]

/**
 * Slot, session or key gone, device removed or in error, not logged in any more, and the general failures that drivers
 * answer with when the token is pulled out in the middle of a call.
 */
const gone: readonly number[] = [
  0x3, 0x5, 0x6, 0x30, 0x31, 0x32, 0x50, 0x60, 0x82, 0xb0, 0xb3, 0xe0, 0xe1, 0x101, 0x190,
]

/** A return value as what a clerk is told: SEAL_PIN_WRONG, SEAL_TOKEN_LOCKED, SEAL_TOKEN_GONE or SEAL_TOKEN_UNSUPPORTED. */
export function cryptokiError(call: string, value: number): AppError {
  const cause = new Error(`${call} gave CKR 0x${value.toString(16)}`)
  if (pinWrong.includes(value)) return new AppError('SEAL_PIN_WRONG', {}, { cause })
  if (pinLocked.includes(value)) return new AppError('SEAL_TOKEN_LOCKED', {}, { cause })
  if (gone.includes(value)) return new AppError('SEAL_TOKEN_GONE', {}, { cause })
  return new AppError('SEAL_TOKEN_UNSUPPORTED', { why: `驱动程序报错 0x${value.toString(16)}` }, { cause })
}

/** Memory for `count` CK_ULONGs. */
export const ulongs = (count: number): Buffer => Buffer.alloc(count * ulongBytes)

/** A CK_ULONG of an array of them. */
export const readUlong = (memory: Buffer, index: number): number =>
  isWindows ? memory.readUInt32LE(index * ulongBytes) : Number(memory.readBigUInt64LE(index * ulongBytes))

/** CK_ULONGs in memory. */
export function writeUlongs(...values: readonly number[]): Buffer {
  const memory = ulongs(values.length)
  for (const [index, value] of values.entries()) writeUlongAt(memory, index * ulongBytes, value)
  return memory
}

function writeUlongAt(memory: Buffer, at: number, value: number): void {
  if (isWindows) memory.writeUInt32LE(value, at)
  else memory.writeBigUInt64LE(BigInt(value), at)
}

/** CK_C_INITIALIZE_ARGS: locks of the system's, for calls come from several threads. */
export function initializeArguments(): Buffer {
  const memory = Buffer.alloc(pointerBytes * 4 + ulongBytes + pointerBytes)
  writeUlongAt(memory, pointerBytes * 4, ck.osLockingOk)
  return memory
}

/** CK_ATTRIBUTE and CK_MECHANISM have one layout: a number, a pointer, a length. */
const tripleBytes = ulongBytes + pointerBytes + ulongBytes

/** One of the three-part structures: an attribute with where its value lies, or a mechanism with its parameter. */
export function triple(type: number, address: bigint, length: number): Buffer {
  const memory = Buffer.alloc(tripleBytes)
  writeUlongAt(memory, 0, type)
  memory.writeBigUInt64LE(address, ulongBytes)
  writeUlongAt(memory, ulongBytes + pointerBytes, length)
  return memory
}

/** The length that a call has written into an attribute; -1 where the object has none, or does not show it. */
export function tripleLength(memory: Buffer): number {
  const at = ulongBytes + pointerBytes
  return isWindows ? memory.readInt32LE(at) : Number(memory.readBigInt64LE(at))
}

/** More than CK_TOKEN_INFO takes anywhere. */
export const tokenInfoBytes = 512

/** CK_TOKEN_INFO (3.2): texts are padded with spaces. */
export function readTokenInfo(memory: Buffer): {
  label: string
  manufacturer: string
  model: string
  serial: string
  flags: number
} {
  const text = (from: number, length: number): string =>
    memory.toString('utf8', from, from + length).replace(/[\0 ]+$/, '')
  const flags = memory.readUInt32LE(96)
  return { label: text(0, 32), manufacturer: text(32, 32), model: text(64, 16), serial: text(80, 16), flags }
}
