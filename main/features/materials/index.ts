// Owns: files that applicants hand in: looked at as they stream in, stored encrypted, kept with a draft or a case.
// Does not own: whether a matter asks for them (matters), the encrypted store of bytes (main/store/blobs.ts).
// Start here: `createMaterials`; inspect.ts tells what a file is.
import type { Readable } from 'node:stream'
import type { Material, StoredFile } from '../../../preload/contract/entries.ts'
import { AppError } from '../../../preload/contract/errors.ts'
import type { DeskContext, FeatureModule } from '../../desk/feature.ts'
import { cleanFileName, inspectFile, type MediaType } from './inspect.ts'
import {
  deleteBrought,
  deleteWaiting,
  insertWaiting,
  type MaterialOwner,
  selectFile,
  selectWaiting,
  updateRequirement,
} from './store.ts'

export { cleanFileName } from './inspect.ts'
export type { MaterialOwner } from './store.ts'

/** The largest file that a material may be. */
export const materialLimitMb = 50
const limitBytes = materialLimitMb * 1024 * 1024

/** A file on its way in. */
export type IncomingFile = {
  /** As the sender calls it; only its base name is kept. */
  readonly name: string
  /** What the sender says; refused before a byte is read when too much. */
  readonly announcedBytes: number | undefined
  readonly source: AsyncIterable<Uint8Array>
}

/** What other features may ask of materials. */
export type Materials = FeatureModule & {
  /**
   * Stores a file durably. Throws FILE_NAME_REFUSED, FILE_TOO_LARGE (`limitMb`), FILE_EMPTY, FILE_KIND_REFUSED,
   * FILE_DAMAGED, DISK_FULL; nothing stays then.
   */
  readonly receiveFile: (file: IncomingFile) => Promise<StoredFile>
  /** Notes a stored file as a material; inside a transaction or alone. */
  readonly add: (owner: MaterialOwner, requirementId: string, file: StoredFile) => Material
  readonly waiting: (owner: MaterialOwner) => Material[]
  /** Takes a material away from a draft. Throws NOT_FOUND. */
  readonly remove: (draftId: string, materialId: string) => void
  /** Gives a draft's material to another requirement. */
  readonly moveTo: (draftId: string, materialId: string, requirementId: string) => void
  /** Lets go of what was brought for a case, once an entry names it. */
  readonly forgetBrought: (caseId: string) => void
  /**
   * A material's facts and bytes; of one that lies at the centre alone its readable copy. Throws NOT_FOUND for bytes that are no
   * material, FILE_IN_CENTRE where nothing of it is here yet.
   */
  readonly open: (sha256: string) => { readonly file: StoredFile; readonly bytes: Readable }
}

/** What materials ask of others; given by main/desk/compose.ts. */
export type MaterialPorts = {
  /** A file is stored durably. */
  readonly stored: (file: StoredFile) => void
  /** The readable copy of a file, where there is one here. */
  readonly copyOf: (
    sha256: string,
  ) => { readonly sha256: string; readonly sizeBytes: number; readonly mediaType: MediaType } | undefined
  /** Whether a file lies at the centre and not here yet. */
  readonly isInCentre: (sha256: string) => boolean
}

/** The materials feature. */
export function createMaterials(context: DeskContext, ports: MaterialPorts): Materials {
  const db = () => context.store.db
  return {
    handlers: {},
    projectors: [],
    receiveFile: async (incoming) => {
      const file = await receiveFile(context, incoming)
      ports.stored(file)
      return file
    },
    add(owner, requirementId, file) {
      const material = { materialId: context.newId(), requirementId, file, addedAtUtc: context.nowUtc() }
      insertWaiting(db(), owner, material)
      return material
    },
    waiting: (owner) => selectWaiting(db(), owner),
    remove(draftId, materialId) {
      if (!deleteWaiting(db(), draftId, materialId)) throw new AppError('NOT_FOUND', { what: '材料' })
    },
    moveTo: (draftId, materialId, requirementId) => updateRequirement(db(), draftId, materialId, requirementId),
    forgetBrought: (caseId) => deleteBrought(db(), caseId),
    open(sha256) {
      const file = selectFile(db(), sha256)
      if (!file) throw new AppError('NOT_FOUND', { what: '材料' })
      if (!ports.isInCentre(sha256)) return { file, bytes: context.blobs.read(sha256) }
      const copy = ports.copyOf(sha256)
      if (copy === undefined) throw new AppError('FILE_IN_CENTRE')
      return { file: { ...file, ...copy }, bytes: context.blobs.read(copy.sha256) }
    },
  }
}

async function receiveFile(context: DeskContext, file: IncomingFile): Promise<StoredFile> {
  const name = cleanFileName(file.name)
  if ((file.announcedBytes ?? 0) > limitBytes) throw new AppError('FILE_TOO_LARGE', { limitMb: materialLimitMb })
  let mediaType: MediaType | undefined
  const inspected = async function* () {
    const inspector = inspectFile()
    let sizeBytes = 0
    for await (const chunk of file.source) {
      sizeBytes += chunk.length
      if (sizeBytes > limitBytes) throw new AppError('FILE_TOO_LARGE', { limitMb: materialLimitMb })
      inspector.take(chunk)
      yield chunk
    }
    mediaType = inspector.finish()
  }
  const { sha256, sizeBytes } = await context.blobs.put(inspected(), { limitBytes })
  if (!mediaType) throw new Error('a stored file was inspected to its end')
  return { sha256, name, mediaType, sizeBytes }
}
