import { z } from 'zod'
import { countyWindowsSchema } from '../standards/county.ts'
import { documentKinds } from '../standards/documents.ts'
import { changeSchema } from '../standards/findings.ts'
import {
  approvalSchema,
  copyCheckSchema,
  copyTextSchema,
  knownReleaseSchema,
  releaseContentsSchema,
  releasePlanSchema,
  releaseTargetsSchema,
  standardsDeskSchema,
  standardUpdatesSchema,
  workingCopySchema,
} from '../standards/publishing.ts'
import { exportWishSchema, tableImportSchema, takeWishSchema, writtenTablesSchema } from '../standards/tables.ts'
import {
  documentHistorySchema,
  knownDocumentsSchema,
  mergedThemeSchema,
  versionChangesSchema,
  versionChoiceSchema,
} from '../standards/writing.ts'
import { hashSchema, utcSchema } from '../wire.ts'
import { call, done, nothing } from './call.ts'

const copyId = z.strictObject({ copyId: z.uuid() })
const oneRelease = z.strictObject({ sha256: hashSchema })
const said = z.strictObject({ said: z.string() })

/** Writing, checking and publishing standards (事项标准), and what changed today. */
export const standardsCalls = {
  /** What changed today, in words, and which calendar is missing. */
  updates: call('clerk', nothing, standardUpdatesSchema),
  /** The newest release, working copies, releases, the publisher's key. */
  desk: call('administrator', nothing, standardsDeskSchema),
  /** Begins a working copy of a document of the newest release; where there is one already, gives that. NOT_FOUND for a stranger. */
  begin: call(
    'administrator',
    z.strictObject({ kind: z.enum(documentKinds), id: z.string().max(60), version: z.int() }),
    copyId,
  ),
  /** Takes a document out of the next release: a working copy that is listed, checked and revoked (`discard`) like any other. NOT_FOUND for a stranger, INPUT_INVALID while the document is being changed. */
  remove: call(
    'administrator',
    z.strictObject({ kind: z.enum(documentKinds), id: z.string().max(60), version: z.int() }),
    copyId,
  ),
  /** Begins a new document. */
  beginBlank: call('administrator', z.strictObject({ kind: z.enum(documentKinds) }), copyId),
  /**
   * Begins a new document with the contents of another: of one being written where `copyId` names it, else of the newest release's. Its
   * names are to be given. NOT_FOUND for a stranger, INPUT_INVALID for a calendar and for one that cannot be read.
   */
  beginLike: call(
    'administrator',
    z.strictObject({
      ...{ kind: z.enum(documentKinds), id: z.string().max(60), version: z.int() },
      copyId: z.uuid().nullable(),
    }),
    copyId,
  ),
  /**
   * Reads the files that this account has brought by `PUT /bytes/standards?name=…`, all of them together, and says what is
   * in them; events `tables` tell how far it is. NOT_FOUND where there are none, or they were let go of meanwhile.
   */
  readTables: call('administrator', nothing, z.strictObject({ found: tableImportSchema })),
  /** What was read, beside the newest release and the working copies as they are now; null where nothing is looked at. */
  tables: call('administrator', nothing, z.strictObject({ found: tableImportSchema.nullable() })),
  /** Lets go of the files that were brought; reading them ends. */
  dropTables: call('administrator', nothing, done),
  /**
   * Takes documents over as working copies, all or none. NOT_FOUND for files that are gone, STANDARD_IMPORT_STALE where a
   * working copy is not as it was seen, STANDARD_COPY_OUT for one that went out with a release.
   */
  takeTables: call(
    'administrator',
    z.strictObject({ documents: z.array(takeWishSchema).min(1).max(2000) }),
    z.strictObject({ copyIds: z.array(z.uuid()) }),
  ),
  /** Writes documents, or the empty template, into a file that waits under `/bytes/standards/{fileId}`. NOT_FOUND where nothing fits. */
  writeTables: call('administrator', exportWishSchema, writtenTablesSchema),
  /** A working copy with what is wrong with it. */
  copy: call('administrator', copyId, workingCopySchema),
  /** Saves a working copy whole, durably, right or wrong. STANDARD_COPY_OUT for one that went out with a release. */
  save: call('administrator', z.strictObject({ copyId: z.uuid(), text: copyTextSchema }), copyCheckSchema),
  discard: call('administrator', copyId, done),
  /** The editor was left: a working copy that was begun from a document and not changed is dropped. */
  leave: call('administrator', copyId, done),
  /** What changed against the newest release, in words; empty for a new document and for one that cannot be read. */
  compare: call('administrator', copyId, z.strictObject({ changes: z.array(changeSchema) })),
  /** Matters, themes, templates and reuse keys to choose from, as the next release would hold them. */
  known: call('administrator', nothing, knownDocumentsSchema),
  /** A theme that is being written, merged: its form, what is handed in, what cannot be asked together. Empty for one that cannot be read. */
  merged: call('administrator', copyId, mergedThemeSchema),
  /** The versions of a copy's document that are known here, the newest first; none for a new document. */
  history: call('administrator', copyId, documentHistorySchema),
  /** What is different between two versions of a copy's document; empty where the copy itself cannot be read. NOT_FOUND for a stranger. */
  compareVersions: call(
    'administrator',
    z.strictObject({ copyId: z.uuid(), from: versionChoiceSchema, to: versionChoiceSchema }),
    versionChangesSchema,
  ),
  /** The text of an earlier version of a copy's document. NOT_FOUND for a stranger. */
  versionText: call(
    'administrator',
    z.strictObject({ copyId: z.uuid(), sha256: hashSchema }),
    z.strictObject({ text: copyTextSchema }),
  ),
  /** Settles a clash: `mine` goes on with the working copy over what is out, `theirs` puts it aside. NOT_FOUND where there is none. */
  settle: call('administrator', z.strictObject({ copyId: z.uuid(), keep: z.enum(['mine', 'theirs']) }), done),
  /** Takes a working copy back that was put aside. INPUT_INVALID while another one of its document is being written. */
  takeBack: call('administrator', copyId, done),
  /** Forgets a working copy that was put aside. */
  forget: call('administrator', copyId, done),
  /** Releases by others were looked at. */
  looked: call('administrator', nothing, done),
  /** The county's windows with the centre's words for them; null with the reason where the centre could not be asked. */
  windows: call(
    'administrator',
    nothing,
    z.strictObject({ windows: countyWindowsSchema.shape.windows.nullable(), why: z.string() }),
  ),
  /** What a release would change, what is wrong with it, whom it meets in the whole county: the centre is asked where it can be, also for newer releases. Without `effectiveAtUtc` (null: at once) nothing is said of matters that it would close until they begin. */
  plan: call(
    'administrator',
    z.strictObject({
      targets: releaseTargetsSchema,
      contents: releaseContentsSchema,
      effectiveAtUtc: utcSchema.nullable().optional(),
    }),
    releasePlanSchema,
  ),
  /**
   * Makes a release, signs it and sends it to the centre; without a link it waits here and goes by itself. `effectiveAtUtc` null:
   * at once. Throws STANDARD_FAULTY, PUBLISH_NOTHING, PUBLISH_WAITING, PUBLISH_STALE, PUBLISH_CENTRE_BEHIND, PUBLISHER_…, PUBLISH_APPROVAL_NEEDED, PUBLISH_APPROVER_UNFIT,
   * PIN_WRONG and PIN_WAIT of the second person, RELEASE_…, CENTRE_REFUSED.
   */
  publish: call(
    'administrator',
    z.strictObject({
      targets: releaseTargetsSchema,
      contents: releaseContentsSchema,
      effectiveAtUtc: utcSchema.nullable(),
      note: z.string().trim().max(1000),
      pin: z.string().max(64),
      approval: approvalSchema.nullable(),
    }),
    z.strictObject({ release: knownReleaseSchema }),
  ),
  /** Sends a release that waits. Throws what the link or the centre says. */
  send: call('administrator', oneRelease, said),
  /** Drops a release that was not sent; its working copies can be changed again. PUBLISH_ON_STICK where it was written to a stick, PUBLISH_PERHAPS_OUT where the centre may have it. */
  drop: call('administrator', oneRelease, done),
  /** Writes a release as a file to a stick, for stations without a link. Throws STICK_GONE, STICK_FULL, NOT_FOUND. */
  toStick: call('administrator', z.strictObject({ sha256: hashSchema, stickId: z.string().max(300) }), said),
  /** Makes the publisher's key of this station, under its own PIN. INPUT_INVALID where there is one. */
  makeKey: call(
    'administrator',
    z.strictObject({ name: z.string().trim().min(1).max(60), pin: z.string().min(6).max(64) }),
    z.strictObject({ publicKey: z.string() }),
  ),
  /**
   * Puts a key in place that comes as a file, which opens with its PIN: where none is here, or the one here handed over to it. Throws
   * PUBLISHER_KEY_DAMAGED, PUBLISHER_PIN_WRONG, PUBLISHER_KEY_STRANGE for one that windows do not believe now.
   */
  putKey: call(
    'administrator',
    z.strictObject({ text: z.string().max(64 * 1024), pin: z.string().max(64) }),
    z.strictObject({ publicKey: z.string() }),
  ),
  /** Puts the key here under another PIN. Throws PUBLISHER_PIN_WRONG, PUBLISHER_KEY_NONE, PUBLISHER_KEY_DAMAGED. */
  changeKeyPin: call(
    'administrator',
    z.strictObject({ pin: z.string().max(64), newPin: z.string().min(6).max(64) }),
    done,
  ),
  /** Switches the second person's agreement on, or off, which itself needs it. */
  setSecondPerson: call(
    'administrator',
    z.strictObject({ on: z.boolean(), approval: approvalSchema.nullable() }),
    done,
  ),
} as const
