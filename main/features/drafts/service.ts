import type { Caller, PutMaterialReply } from '../../../preload/contract/api.ts'
import type { Calendar } from '../../../preload/contract/calendar.ts'
import type { Answers } from '../../../preload/contract/entries.ts'
import { AppError } from '../../../preload/contract/errors.ts'
import type { Draft, DraftCheck, DraftForm, DraftMoveOffer, MatterClosure } from '../../../preload/contract/views.ts'
import type { DeskContext } from '../../desk/feature.ts'
import type { Cases, ReceivedCase } from '../cases/index.ts'
import type { IncomingFile, Materials } from '../materials/index.ts'
import type {
  DraftCheckInput,
  DraftJudgement,
  KnownStandard,
  KnownTheme,
  ThemeCheckInput,
  ThemeToday,
} from '../matters/index.ts'
import { basisOf, type DraftAsked, formOf, pinsOf, themeViewOf } from './basis.ts'
import { readBefore, writeBefore } from './before-move-store.ts'
import { applicantOf, laidOver, statedAnswers } from './model.ts'
import { moveDraft, moveOffer } from './moving.ts'
import { moveBack, stateOf } from './moving-back.ts'
import { checkRow, receiveDraft } from './receiving.ts'
import { type DraftRow, deleteDraft, insertDraft, selectDraft, updateDraft } from './store.ts'

/** What the drafts feature asks of others; given by main/desk/compose.ts. */
export type DraftPorts = {
  /** The standard in force. Throws STANDARD_UNKNOWN. */
  readonly inForce: (itemId: string) => KnownStandard
  /** The standard in force, where people can be taken in by it today. */
  readonly openNow: (itemId: string) => KnownStandard | undefined
  /** Why a matter is not open today; undefined for one that is. */
  readonly closureNow: (itemId: string) => MatterClosure | undefined
  /** A standard of any version that was ever applied. Throws STANDARD_UNKNOWN. */
  readonly ofVersion: (itemId: string, version: number) => KnownStandard
  /** A theme of any version that was ever applied. */
  readonly theme: (themeId: string, version: number) => KnownTheme | undefined
  /** A theme in force as it stands today; undefined where none is, or none of its matters is open. */
  readonly themeToday: (themeId: string) => ThemeToday | undefined
  /** As `themeToday`. Throws STANDARD_UNKNOWN, THEME_CLOSED. */
  readonly themeOpen: (themeId: string) => ThemeToday
  readonly calendars: () => readonly Calendar[]
  /** Judges a draft (main/features/matters). */
  readonly check: (input: DraftCheckInput) => DraftJudgement
  readonly checkTheme: (input: ThemeCheckInput) => DraftJudgement
  readonly cases: Cases
  readonly materials: Materials
  /** After a 收件 is durable: its paper is made. Must not throw. */
  readonly afterReceived: (caseId: string, caller: Caller) => void
  /** A draft changed, or is no more. */
  readonly changed: () => void
}

/** A draft that was just begun, and what it lacks. */
type BegunDraft = Draft & { readonly check: DraftCheck }

/** What happens to drafts. */
export type DraftService = {
  readonly create: (itemId: string, caller: Caller) => BegunDraft
  readonly createTheme: (themeId: string, caller: Caller) => BegunDraft
  readonly read: (draftId: string) => { readonly draft: Draft; readonly check: DraftCheck; readonly asked: DraftAsked }
  /** What a theme's draft asks now. */
  readonly form: (draftId: string) => DraftForm
  /** Throws INPUT_INVALID for a matter that the draft does not have, and for none. */
  readonly chooseMatters: (draftId: string, itemIds: readonly string[]) => void
  /** With `before`, what the window last knew to be held, only what differs from it is written. */
  readonly save: (draftId: string, answers: Answers, before?: Answers) => DraftCheck
  readonly promiseLater: (draftId: string, requirementId: string, later: boolean) => DraftCheck
  readonly removeMaterial: (draftId: string, materialId: string) => DraftCheck
  readonly putMaterial: (draftId: string, requirementId: string, file: IncomingFile) => Promise<PutMaterialReply>
  /** What moving to the standard in force would do; null where there is nothing to move to. */
  readonly moveOffer: (draftId: string) => DraftMoveOffer | null
  /** Moves it. Throws STEP_NOT_LEGAL where something else than what was shown is in force by now. */
  readonly move: (draftId: string, mark: string) => void
  /** The version of the state before the last move; null where there was none. */
  readonly wayBack: (draftId: string) => number | null
  /** Goes back there. Throws NOT_FOUND where there was no move. */
  readonly moveBack: (draftId: string) => void
  readonly discard: (draftId: string) => void
  readonly receive: (draftId: string, caller: Caller) => ReceivedCase
}

/** Lists of drafts are told of a new one so much later: the window that began it is busy drawing its form. */
const formFirstMilliseconds = 150

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
  const viewOf = (row: DraftRow): Draft => {
    const { applicantName: _, ...rest } = row
    const materials = ports.materials.waiting({ draftId: row.draftId })
    return { ...rest, theme: themeViewOf(ports, row), materials }
  }
  const begin = (
    of: Pick<DraftRow, 'itemId' | 'matterName' | 'standardVersion' | 'theme'>,
    caller: Caller,
  ): BegunDraft => {
    const empty = { ...emptyDraft(context), ...of }
    const { form } = basisOf(ports, empty).asked
    const answers = statedAnswers(form)
    const row = { ...empty, answers, applicantName: applicantOf(form, answers).name }
    insertDraft(context.store.db, row, caller.account)
    ports.changed()
    setTimeout(told, formFirstMilliseconds).unref()
    return { ...viewOf(row), check: check(row) }
  }

  return {
    create: (itemId, caller) => {
      const { standard } = ports.inForce(itemId)
      const closure = ports.closureNow(itemId)
      if (closure !== undefined)
        throw new AppError('MATTER_CLOSED', { matter: standard.name, why: closure.why, date: closure.date ?? '' })
      return begin({ itemId, matterName: standard.name, standardVersion: standard.version, theme: null }, caller)
    },
    createTheme: (themeId, caller) => {
      const today = ports.themeOpen(themeId)
      const { name, version } = today.theme
      const theme = pinsOf(today, null, context.newId)
      return begin({ itemId: themeId, matterName: name, standardVersion: version, theme }, caller)
    },
    read(draftId) {
      const row = find(draftId)
      return { draft: viewOf(row), check: check(row), asked: basisOf(ports, row).asked }
    },
    form: (draftId) => formOf(basisOf(ports, find(draftId))),
    chooseMatters(draftId, itemIds) {
      change(draftId, (row) => chosen(ports, row, itemIds))
      told()
    },
    save(draftId, typed, known) {
      let isRenamed = false
      const row = change(draftId, (held) => {
        const answers = known === undefined ? typed : laidOver(held.answers, known, typed)
        const { name } = applicantOf(basisOf(ports, held).asked.form, answers)
        isRenamed = name !== held.applicantName
        return { answers, applicantName: name }
      })
      // Lists of drafts show whose each is, and nothing else of the answers.
      if (isRenamed) told()
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
    move(draftId, mark) {
      change(draftId, (row) => {
        const before = stateOf(ports, row)
        const moved = moveDraft(context, ports, row, mark)
        writeBefore(context.store.db, draftId, before, context.nowUtc())
        return moved
      })
      told()
    },
    wayBack: (draftId) => readBefore(context.store.db, find(draftId).draftId)?.standardVersion ?? null,
    moveBack(draftId) {
      change(draftId, (row) => moveBack(context, ports, row))
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

function emptyDraft(context: DeskContext): Omit<DraftRow, 'itemId' | 'matterName' | 'standardVersion' | 'theme'> {
  return {
    ...{ draftId: context.newId(), revision: 1, answers: {}, later: [], applicantName: '', lostPhotos: [] },
    updatedAtUtc: context.nowUtc(),
  }
}

/** Another choice among a theme's matters. Answers and materials stay as they are, also those that nobody asks for now. */
function chosen(ports: DraftPorts, row: DraftRow, itemIds: readonly string[]): Partial<DraftRow> {
  const { theme } = row
  if (theme === null || !itemIds.every((id) => theme.members.some(({ itemId }) => itemId === id)))
    throw new AppError('INPUT_INVALID', { field: 'itemIds' })
  const members = theme.members.map((member) => ({ ...member, wanted: itemIds.includes(member.itemId) }))
  const changed = { ...row, theme: { ...theme, members } }
  return { theme: changed.theme, applicantName: applicantOf(basisOf(ports, changed).asked.form, row.answers).name }
}

function assertAsked(ports: DraftPorts, row: DraftRow, requirementId: string) {
  const requirement = basisOf(ports, row).asked.materials.find(({ id }) => id === requirementId)
  if (!requirement) throw new AppError('INPUT_INVALID', { field: 'requirement' })
  return requirement
}

/** 容缺后补 is for requirements of necessity 3 alone (广东省优化营商环境条例 第32条: 次要材料). */
function assertMayFollow(ports: DraftPorts, row: DraftRow, requirementId: string): void {
  const requirement = assertAsked(ports, row, requirementId)
  if (requirement.necessity !== 3) throw new AppError('NOT_ALLOWED', { requirement: requirement.name })
}
