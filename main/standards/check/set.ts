import type { MatterStandard } from '../../../preload/contract/standard.ts'
import { identityOf, type StandardDocument } from '../../../preload/contract/standards/documents.ts'
import { mostMattersOfTheme, type Theme } from '../../../preload/contract/standards/theme.ts'
import { mergeTheme, type ThemeFault, type ThemeSources } from '../merge-theme.ts'
import type { Tell } from './telling.ts'

/** A document of the set, and how to tell of it. */
export type Member = { readonly name: string; readonly document: StandardDocument; readonly tell: Tell }

/** Tells what is wrong between documents: named twice, dangling references, themes that cannot be merged. */
export function checkSet(members: readonly Member[], isWhole: boolean): void {
  const found = <K extends StandardDocument['kind']>(kind: K) =>
    members.flatMap(({ document }) => (document.kind === kind ? [document.value] : [])) as Extract<
      StandardDocument,
      { kind: K }
    >['value'][]
  const newest = <T extends { readonly version: number }>(list: readonly T[]) =>
    list.toSorted((a, b) => b.version - a.version)
  const matters = newest(found('matter'))
  const themes = newest(found('theme'))
  const templates = new Map(found('template').map((template) => [template.templateId, template]))
  const sources: ThemeSources = {
    matter: (id) => matters.find(({ itemId }) => itemId === id),
    theme: (id) => themes.find(({ themeId }) => themeId === id),
  }
  checkNames(members)
  const dangling = isWhole ? 'must' : 'should'
  for (const { document, tell } of members) {
    if (document.kind === 'matter') checkTemplates(document.value, templates, dangling, tell)
    if (document.kind === 'theme') checkTheme(document.value, sources, dangling, tell)
  }
  checkReuse(members)
}

function checkNames(members: readonly Member[]): void {
  const seen = new Map<string, Member>()
  for (const member of members) {
    const { id, version } = identityOf(member.document)
    const before = seen.get(`${member.document.kind} ${id} ${version}`)
    seen.set(`${member.document.kind} ${id} ${version}`, before ?? member)
    if (before === undefined) continue
    member.tell('must', [], `与 ${before.name} 的标识和版本都相同（${id}，第 ${version} 版）`, '改标识，或把版本加 1')
  }
}

/** How a missing one is told: of a part of a catalogue, what is not in it may well be in force. */
const missingFrom = {
  must: { where: '', remedy: '补上被引用的文件，和它一起检查' },
  should: { where: '这些文件里', remedy: '在用的标准里有的，不用管；没有的要补上，发布前会再检查' },
} as const

function checkTemplates(
  { templates, materials }: MatterStandard,
  known: ReadonlyMap<string, { readonly paper: string }>,
  dangling: 'must' | 'should',
  tell: Tell,
): void {
  const { where, remedy } = missingFrom[dangling]
  templates.forEach(({ paper, templateId }, at) => {
    const template = known.get(templateId)
    if (template === undefined)
      tell(dangling, ['templates', at, 'templateId'], `${where}没有“${templateId}”这个文书模板`, remedy)
    else if (template.paper !== paper)
      tell('must', ['templates', at], `模板“${templateId}”是给另一种文书的`, '换成这种文书的模板')
  })
  materials.forEach(({ blankForm }, at) => {
    if (blankForm === '') return
    const template = known.get(blankForm)
    if (template === undefined)
      tell(dangling, ['materials', at, 'blankForm'], `${where}没有“${blankForm}”这个空白表格模板`, remedy)
    else if (template.paper !== 'form')
      tell('must', ['materials', at, 'blankForm'], `模板“${blankForm}”不是申请表`, '换成文书种类为 form 的模板')
  })
}

function checkTheme(theme: Theme, sources: ThemeSources, dangling: 'must' | 'should', tell: Tell): void {
  const merged = mergeTheme(theme, sources)
  for (const fault of merged.faults) {
    const severity = fault.why === 'unknown-member' ? dangling : 'must'
    const [problem, remedy] = themeWords(fault, dangling)
    tell(severity, ['members', fault.at], problem, remedy)
  }
  if (merged.members.length > mostMattersOfTheme)
    tell('must', ['members'], `一共有 ${merged.members.length} 个事项，最多 ${mostMattersOfTheme} 个`, '分成几个一件事')
  if (merged.faults.some(({ why }) => why === 'unknown-member')) return
  theme.sharedMaterials.forEach((key, at) => {
    const users = merged.materials.find(({ reuseKey }) => reuseKey === key)?.itemIds.length ?? 0
    if (users === 0) tell('must', ['sharedMaterials', at], `没有哪项材料的复用标识是“${key}”`, '核对复用标识，或删去')
    else if (users === 1) tell('should', ['sharedMaterials', at], `“${key}”只有一个事项要，用不着共用`, '删去，或核对')
  })
}

function themeWords(fault: ThemeFault, dangling: 'must' | 'should'): readonly [problem: string, remedy: string] {
  switch (fault.why) {
    case 'unknown-member':
      return [
        `${missingFrom[dangling].where}没有“${fault.id}”这个${fault.kind === 'matter' ? '事项' : '一件事'}`,
        missingFrom[dangling].remedy,
      ]
    case 'cycle':
      return [`一件事绕成了圈：又回到了“${fault.id}”`, '删去其中一个引用']
    case 'too-deep':
      return [`一件事套得太深：“${fault.id}”`, '直接写出各个事项']
    case 'twice':
      return [`事项“${fault.id}”出现了两次`, '删去一个']
    case 'unknown-question':
      return [`事项“${fault.id}”没有“${fault.name}”这一题`, '核对题目对应里的题目名']
    case 'conflict':
      return [
        `“${fault.ids[0]}”和“${fault.ids[1]}”的题目“${fault.name}”名字相同、要求不同，合不到一起`,
        '把两处改成一样，或在题目对应里给其中一题换个名字',
      ]
  }
}

/** One reuse key should mean one kind of paper wherever it stands. */
function checkReuse(members: readonly Member[]): void {
  const first = new Map<string, { readonly name: string; readonly source: string; readonly matter: string }>()
  for (const { document, tell } of members) {
    if (document.kind !== 'matter') continue
    document.value.materials.forEach(({ reuseKey, name, source }, at) => {
      if (reuseKey === undefined) return
      const before = first.get(reuseKey)
      first.set(reuseKey, before ?? { name, source, matter: document.value.name })
      if (before === undefined || before.source === source) return
      tell(
        'should',
        ['materials', at, 'reuseKey'],
        `复用标识“${reuseKey}”在《${before.matter}》里是“${before.name}”，来源渠道不同，可能不是同一种材料`,
        '核对：同一种材料才用同一个复用标识',
      )
    })
  }
}
