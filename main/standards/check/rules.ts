import type { MatterStandard } from '../../../preload/contract/standard.ts'
import { ruleBounds } from '../../../preload/contract/standards/rule.ts'
import { type RuleFault, ruleFaults, variablesOf } from '../../../preload/contract/standards/rule-check.ts'
import { asObject, propertiesOf } from '../form/questions.ts'
import { canBeMet, type Domains, domainsOf } from './reach.ts'
import { type Path, pathOf, type Tell } from './telling.ts'

const faultWords: Readonly<Record<RuleFault['why'], (fault: RuleFault) => readonly [problem: string, remedy: string]>> =
  {
    'too-many-parts': () => [`规则太长，超过 ${ruleBounds.parts} 个部分`, '拆成几个条件，每个条件一条规则'],
    'too-deep': () => [`规则套得太深，超过 ${ruleBounds.depth} 层`, '拆成几个条件，或者用 and、or 并列着写'],
    'unknown-operation': ({ operation }) => [
      `规则里有不认识的运算“${operation}”`,
      '只能用说明里列出的运算，如 ==、>=、in、and、or',
    ],
    shape: () => ['规则的写法不对', '每一层只能是 {"运算": [各部分]}，或者文字、数字、是否'],
    parts: ({ operation }) => [`运算“${operation}”的部分数目不对`, '对照说明里这个运算的写法，补足或删去'],
    endless: ({ operation }) => [
      operation === ''
        ? '规则要算的步数太多，可能算不完'
        : `规则在 reduce 里用了“${operation}”，会越算越大，可能算不完`,
      '不要在列表里再套列表；累计只用 + 或 -',
    ],
  }

/** Tells what is wrong with the conditions' rules: themselves, what they look up, and whether anybody could meet them. */
export function checkRules(standard: MatterStandard, tell: Tell): void {
  const questions = propertiesOf(asObject(standard.form.schema))
  const domains = domainsOf(questions)
  const sound: unknown[] = []
  standard.conditions.forEach(({ rule }, at) => {
    if (rule === undefined) return
    const path: Path = ['conditions', at, 'rule']
    const place = `受理条件 第 ${at + 1} 项·规则`
    const faults = ruleFaults(rule)
    for (const fault of faults) {
      const [problem, remedy] = faultWords[fault.why](fault)
      tell('must', [...path, ...pathOf(fault.pointer)], problem, remedy, place)
    }
    if (faults.length > 0) return
    const strangers = variablesOf(rule).filter((name) => !isKnown(name, questions))
    for (const name of new Set(strangers)) {
      tell(
        'must',
        path,
        `规则用到的“${name}”，表单里没有这一题`,
        '规则只能用 age（周岁）、today（今天）和 answers.题目名',
      )
    }
    if (strangers.length > 0) return
    sound.push(rule)
    if (canBeMet([rule], domains) === 'never') {
      tell(
        'must',
        path,
        '这个条件谁也满足不了：表单里没有能满足它的答案',
        '核对规则里写的值和表单的选项、范围是否一致',
        place,
      )
      sound.pop()
    }
  })
  tellTogether(standard, sound, domains, tell)
}

function tellTogether(standard: MatterStandard, rules: readonly unknown[], domains: Domains, tell: Tell): void {
  if (rules.length < 2 || canBeMet(rules, domains) !== 'never') return
  const texts = standard.conditions.filter(({ rule }) => rules.includes(rule)).map(({ text }) => `“${text}”`)
  tell('must', ['conditions'], `这些条件不能同时满足：${texts.join('、')}`, '核对它们的规则，至少改一条')
}

function isKnown(name: string, questions: ReturnType<typeof propertiesOf>): boolean {
  if (name === 'age' || name === 'today') return true
  const [first, second = ''] = name.split('.')
  return first === 'answers' && Object.hasOwn(questions, second)
}
