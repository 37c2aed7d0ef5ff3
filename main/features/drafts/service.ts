import type { Caller, PutMaterialReply } from '../../../preload/contract/api.ts'
import type { Calendar } from '../../../preload/contract/calendar.ts'
import type { Answers } from '../../../preload/contract/entries.ts'
import { AppError } from '../../../preload/contract/errors.ts'
import type { MatterStandard } from '../../../preload/contract/standard.ts'
import type { Draft, DraftCheck, DraftMoveOffer } from '../../../preload/contract/views.ts'
import type { DeskContext } from '../../desk/feature.ts'
import type { Cases, ReceivedCase } from '../cases/index.ts'
import type { IncomingFile, Materials } from '../materials/index.ts'
import type { DraftCheckInput, DraftJudgement, KnownStandard } from '../matters/index.ts'
import { applicantOf, assertReady, promisesOf } from './model.ts'
import { moveDraft, moveOffer } from './moving.ts'
import { type DraftRow, deleteDraft, insertDraft, selectDraft, updateDraft } from './store.ts'

/** What the drafts feature asks of others; given by main/desk/compose.ts. */
export type DraftPorts = {
  /** The standard in force. Throws STANDARD_UNKNOWN. */
  readonly inForce: (itemId: string) => KnownStandard
  /** The standard in force, where people can be taken in by it today. */
  readonly openNow: (itemId: string) => KnownStandard | undefined
  /** A standard of any version that was ever applied. Throws STANDARD_UNKNOWN. */
  readonly ofVersion: (itemId: string, version: number) => KnownStandard
  readonly calendars: () => readonly Calendar[]
  /** Judges a draft (main/features/matters). */
  readonly check: (input: DraftCheckInput) => DraftJudgement
  readonly cases: Cases
  readonly materials: Materials
  /** After a 收件 is durable: its paper is made. Must not throw. */
  readonly afterReceived: (caseId: string, caller: Caller) => void
  /** A draft changed, or is no more. */
  readonly changed: () => void
}

/** What happens to drafts. */
export type DraftService = {
  readonly create: (itemId: string, caller: Caller) => Draft & { readonly check: DraftCheck }
  readonly read: (draftId: string) => { readonly draft: Draft; readonly check: DraftCheck }
  readonly save: (draftId: string, answers: Answers) => DraftCheck
  readonly promiseLater: (draftId: string, requirementId: string, later: boolean) => DraftCheck
  readonly removeMaterial: (draftId: string, materialId: string) => DraftCheck
  readonly putMaterial: (draftId: string, requirementId: string, file: IncomingFile) => Promise<PutMaterialReply>
  /** What moving to the standard in force would do; null where there is nothing to move to. */
  readonly moveOffer: (draftId: string) => DraftMoveOffer | null
  /** Moves it. Throws STEP_NOT_LEGAL where another version than the one that was shown is in force by now. */
  readonly move: (draftId: string, toVersion: number) => void
  readonly discard: (draftId: string) => void
  readonly receive: (draftId: string, caller: Caller) => ReceivedCase
}

/** The service over the desk's store. Every change is durable when it returns. */
export function draftService(context: DeskContext, ports: DraftPorts): DraftService {
  const find = (draftId: string): DraftRow => {
    const row = selectDraft(context.store.db, draftId)
    if (row) return row
    if (ports.cases.receivedFrom(draftId)) throw new AppError('DRAFT_ALREADY_RECEIVED')
    throw new AppError('NOT_FOUND', { what: '草稿' })
  }
  const change = (draftId: string, edit: (row: DraftRow) => Partial<DraftRow>): DraftRow =>
    context.store.transaction(() => {
      const row = find(draftId)
      const changed = { ...row, ...edit(row), revision: row.revision + 1, updatedAtUtc: context.nowUtc() }
      updateDraft(context.store.db, changed)
      ports.changed()
      return changed
    })
  const told = () => context.emit({ event: 'changed', payload: { topics: ['drafts'] } })
  const check = (row: DraftRow) => checkRow(context, ports, row)

  return {
    create(itemId, caller) {
      const row = newDraft(context, ports.inForce(itemId).standard)
      insertDraft(context.store.db, row, caller.account)
      ports.changed()
      told()
      return { ...viewOf(row, ports.materials), check: check(row) }
    },
    read(draftId) {
      const row = find(draftId)
      return { draft: viewOf(row, ports.materials), check: check(row) }
    },
    save(draftId, answers) {
      const row = change(draftId, ({ itemId, standardVersion }) => ({
        answers,
        applicantName: applicantOf(ports.ofVersion(itemId, standardVersion).standard, answers).name,
      }))
      return check(row)
    },
    promiseLater(draftId, requirementId, later) {
      const row = change(draftId, (before) => {
        assertMayFollow(ports, before, requirementId)
        const others = before.later.filter((id) => id !== requirementId)
        return { later: later ? [...others, requirementId] : others }
      })
      return check(row)
    },
    removeMaterial(draftId, materialId) {
      const row = change(draftId, () => {
        ports.materials.remove(draftId, materialId)
        return {}
      })
      return check(row)
    },
    async putMaterial(draftId, requirementId, incoming) {
      assertAsked(ports, find(draftId), requirementId)
      const file = await ports.materials.receiveFile(incoming)
      const { row, material } = context.store.transaction(() => {
        const changed = change(draftId, ({ later, lostPhotos }) => ({
          later: later.filter((id) => id !== requirementId),
          lostPhotos: lostPhotos.filter((photo) => photo.requirementId !== requirementId),
        }))
        return { row: changed, material: ports.materials.add({ draftId }, requirementId, file) }
      })
      return { material, check: check(row) }
    },
    moveOffer: (draftId) => moveOffer(context, ports, find(draftId)),
    move(draftId, toVersion) {
      change(draftId, (row) => moveDraft(context, ports, row, toVersion))
      told()
    },
    discard(draftId) {
      context.store.transaction(() => deleteDraft(context.store.db, find(draftId).draftId))
      ports.changed()
      told()
    },
    receive: (draftId, caller) => receiveDraft(context, ports, { draftId, find }, caller),
  }
}

function newDraft(context: DeskContext, standard: MatterStandard): DraftRow {
  return {
    draftId: context.newId(),
    itemId: standard.itemId,
    matterName: standard.name,
    standardVersion: standard.version,
    revision: 1,
    answers: {},
    later: [],
    applicantName: '',
    lostPhotos: [],
    updatedAtUtc: context.nowUtc(),
  }
}

/** 收件 in one transaction: the case's entry, its rows, the end of the draft. The same draft again gives the same case. */
function receiveDraft(
  context: DeskContext,
  ports: DraftPorts,
  { draftId, find }: { readonly draftId: string; readonly find: (draftId: string) => DraftRow },
  caller: Caller,
): ReceivedCase {
  const before = ports.cases.receivedFrom(draftId)
  if (before) return before
  const received = context.store.transaction(() => {
    const row = find(draftId)
    const { standard, sha256 } = ports.ofVersion(row.itemId, row.standardVersion)
    const check = checkRow(context, ports, row)
    assertReady(check, standard)
    const given = {
      caseId: draftId,
      standard,
      standardSha256: sha256,
      applicant: applicantOf(standard, row.answers),
      answers: row.answers,
      materials: ports.materials.waiting({ draftId }),
      later: promisesOf(check),
      promised: check.promised,
    }
    const made = ports.cases.receive(given, caller)
    deleteDraft(context.store.db, draftId)
    return made
  })
  ports.afterReceived(received.caseId, caller)
  return received
}

function checkRow(context: DeskContext, ports: DraftPorts, row: DraftRow): DraftCheck {
  const { standard } = ports.ofVersion(row.itemId, row.standardVersion)
  const { idNumber } = applicantOf(standard, row.answers)
  const judged = ports.check({
    standard,
    answers: row.answers,
    materials: ports.materials.waiting({ draftId: row.draftId }),
    later: row.later,
    calendars: ports.calendars(),
    today: context.today(),
    duplicates: idNumber === '' ? [] : ports.cases.duplicates(idNumber, row.itemId),
  })
  return { revision: row.revision, ...judged }
}

function assertAsked(ports: DraftPorts, row: DraftRow, requirementId: string) {
  const { standard } = ports.ofVersion(row.itemId, row.standardVersion)
  const requirement = standard.materials.find(({ id }) => id === requirementId)
  if (!requirement) throw new AppError('INPUT_INVALID', { field: 'requirement' })
  return requirement
}

/** 容缺后补 is for requirements of necessity 3 alone (广东省优化营商环境条例 第32条: 次要材料). */
function assertMayFollow(ports: DraftPorts, row: DraftRow, requirementId: string): void {
  const requirement = assertAsked(ports, row, requirementId)
  if (requirement.necessity !== 3) throw new AppError('NOT_ALLOWED', { requirement: requirement.name })
}

function viewOf(row: DraftRow, materials: Materials): Draft {
  const { applicantName: _, ...rest } = row
  return { ...rest, materials: materials.waiting({ draftId: row.draftId }) }
}
