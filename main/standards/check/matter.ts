import type { MatterStandard } from '../../../preload/contract/standard.ts'
import { checkForm } from './form.ts'
import { checkLimits } from './limits.ts'
import { checkRules } from './rules.ts'
import { checkScope, type Divisions } from './scope.ts'
import type { Tell } from './telling.ts'

/** Tells everything that is wrong with a matter's standard by itself; what it refers to is checked with the whole set. */
export function checkMatter(standard: MatterStandard, tell: Tell, divisions: Divisions | undefined): void {
  checkTwice(standard, tell)
  checkForm(standard.form, tell)
  checkRules(standard, tell)
  checkLimits(standard, tell)
  checkMaterials(standard, tell)
  checkScope(standard, tell, divisions)
  checkSource(standard, tell)
}

/** Places of values that stand earlier in the list already. */
function repeated(values: readonly string[]): number[] {
  return values.flatMap((value, at) => (values.indexOf(value) < at ? [at] : []))
}

function checkTwice(standard: MatterStandard, tell: Tell): void {
  const lists = [
    ['materials', standard.materials.map(({ id }) => id), 'id', '材料的标识'],
    ['conditions', standard.conditions.map(({ id }) => id), 'id', '条件的标识'],
    ['templates', standard.templates.map(({ paper }) => paper), 'paper', '文书'],
  ] as const
  for (const [list, values, field, what] of lists) {
    for (const at of repeated(values)) {
      tell('must', [list, at, field], `${what}“${values[at] ?? ''}”与前面的重复`, '每一项用不同的标识')
    }
  }
  const names = standard.materials.map(({ name }) => name)
  for (const at of repeated(names))
    tell('should', ['materials', at, 'name'], `材料“${names[at] ?? ''}”写了两次`, '合并成一项，或写明区别')
  const keys = standard.materials.map(({ reuseKey }, at) => reuseKey ?? `\u0000${at}`)
  for (const at of repeated(keys))
    tell(
      'must',
      ['materials', at, 'reuseKey'],
      `复用标识“${keys[at] ?? ''}”用在了两项材料上`,
      '每项材料用自己的复用标识',
    )
  for (const at of repeated(standard.aliases)) tell('should', ['aliases', at], '俗称重复', '删去一个')
  for (const at of repeated(standard.questions.map(({ question }) => question)))
    tell('should', ['questions', at], '问题重复', '合并成一个')
}

function checkMaterials(standard: MatterStandard, tell: Tell): void {
  standard.materials.forEach((material, at) => {
    const { necessity, laterWithinWorkdays, originals, copies, form } = material
    if (necessity === 3 && laterWithinWorkdays === undefined)
      tell(
        'should',
        ['materials', at],
        '可以容缺后补，但没有写几个工作日内补交',
        '写上 laterWithinWorkdays，不写按承诺时限算',
      )
    if (necessity !== 3 && laterWithinWorkdays !== undefined)
      tell(
        'should',
        ['materials', at, 'laterWithinWorkdays'],
        '不是容缺后补的材料，却写了补交的期限',
        '删去，或把必要性改成 3',
      )
    if (originals === 0 && copies === 0 && form !== '2')
      tell('should', ['materials', at], '原件和复印件都是 0 份', '写上份数；只收电子件的，材料形式写 2')
  })
}

function checkSource(standard: MatterStandard, tell: Tell): void {
  if (standard.sample && standard.source.trim().length < 10)
    tell('must', ['source'], '样例没有写清出处', '写明条件、材料、时限各取自哪里')
  if (!standard.sample && /样例/u.test(standard.source))
    tell('should', ['sample'], '出处里说是样例，但没有标为样例', '核对后改其中一处')
}
