import type { RJSFSchema, UiSchema } from '@rjsf/utils'
import { describe, expect, it } from 'vitest'
import { laidOver } from '../../main/features/drafts/model.ts'
import type { Bridge } from '../../preload/contract/bridge.ts'
import type { Answers } from '../../preload/contract/entries.ts'
import type { DraftCheck, MatterSummary, ThemeSummary } from '../../preload/contract/views.ts'
import { refusalOf } from '../../renderer/app/upload.ts'
import { keepDraft } from '../../renderer/features/intake/draft-keeper.ts'
import { type Choice, findChoices } from '../../renderer/features/intake/find-matters.ts'
import { lackCount, lackInWords, missingAnswers, wrongInWords } from '../../renderer/features/intake/what-is-missing.ts'
import { fillFrom, idNumberInWords, impliedAnswers, sexValue } from '../../renderer/ui/form/identity-fill.ts'
import { dateFromTyped, dateInChinese, digitsOf, groupedByFour } from '../../renderer/ui/form/typed-text.ts'
import { formErrors, interpretingValidator } from '../../renderer/ui/form/validator.ts'
import elderlyAllowance from '../../resources/catalogue/elderly-allowance.json' with { type: 'json' }
import temporaryRelief from '../../resources/catalogue/temporary-relief.json' with { type: 'json' }

const today = '2026-11-23'
/** The example of GB 11643 itself. */
const womanOf1949 = '11010519491231002X'
const names = { idNumber: 'idNumber', birthDate: 'birthDate', sex: 'sex' }
const sexSchema = {
  oneOf: [
    { const: 'male', title: '男' },
    { const: 'female', title: '女' },
  ],
}

const matter = (name: string, aliases: string[], searchKeys: string[]): MatterSummary => ({
  itemId: name,
  code: `SAMPLE-${searchKeys[0] ?? ''}`,
  name,
  aliases,
  searchKeys,
  version: 1,
  department: '民政部门',
  promisedLimit: { days: 20, unit: 'workday' },
  sample: true,
  timesUsed: 0,
})
const relief = matter('临时救助', ['急难救助'], ['lsjz', 'linshijiuzhu', 'jnjz'])
const allowance = matter('高龄津贴', ['老人津贴'], ['gljt', 'gaolingjintie', 'lrjt'])
const pension = matter('城乡居民基本养老保险参保登记', ['养老保险'], ['cxjmjbylbxcbdj', 'ylbx'])

const newborn: ThemeSummary = {
  ...{ themeId: 'T', name: '新生儿出生一件事', aliases: ['孩子出生'], searchKeys: ['xsecsyjs', 'hzcs'], version: 1 },
  ...{ department: '卫生健康部门', description: '', sample: true, members: [] },
}
const namesOf = (choices: readonly Choice[]) =>
  choices.map((choice) => (choice.kind === 'matter' ? choice.matter.name : choice.theme.name))

describe('finding a matter', () => {
  const found = (typed: string) => namesOf(findChoices([relief, allowance, pension], [newborn], typed))

  it('shows the most used ones before anything is typed, and themes behind them', () => {
    expect(found('  ')).toEqual(['临时救助', '高龄津贴', '城乡居民基本养老保险参保登记', '新生儿出生一件事'])
  })
  it('leaves room for themes among twelve cards', () => {
    const many = Array.from({ length: 20 }, (_, at) => matter(`事项${at}`, [], []))
    const themes = Array.from({ length: 5 }, (_, at) => ({ ...newborn, themeId: `T${at}` }))
    const kinds = findChoices(many, themes, '').map(({ kind }) => kind)
    expect([kinds.length, kinds.filter((kind) => kind === 'theme').length]).toEqual([12, 3])
  })
  it.each([
    ['高龄', '高龄津贴'],
    ['养老', '城乡居民基本养老保险参保登记'],
    ['GL', '高龄津贴'],
    ['ylbx', '城乡居民基本养老保险参保登记'],
    ['急难', '临时救助'],
    ['出生', '新生儿出生一件事'],
    ['xse', '新生儿出生一件事'],
    ['hzcs', '新生儿出生一件事'],
  ])('finds by %s: %s', (typed, name) => {
    expect(found(typed)).toEqual([name])
  })
  it('puts the matter of that name before one of another name', () => {
    const named = matter('老人津贴', [], ['x'])
    expect(namesOf(findChoices([allowance, named], [], '老人津贴'))).toEqual(['老人津贴', '高龄津贴'])
  })
  it('finds nothing for a word that no matter has', () => {
    expect(found('护照')).toEqual([])
  })
})

describe('what an identity number fills', () => {
  it('gives birthday and sex in the form’s own values', () => {
    expect(impliedAnswers(womanOf1949, names, sexSchema, today)).toEqual({ birthDate: '1949-12-31', sex: 'female' })
    expect(sexValue({ enum: ['男', '女'] }, 'male')).toBe('男')
  })
  it('fills what is empty and what an earlier number had filled, and leaves alone what was typed', () => {
    const implied = { birthDate: '1949-12-31', sex: 'female' }
    expect(fillFrom({ sex: 'male', birthDate: '1950-01-01' }, implied, { birthDate: '1950-01-01' })).toEqual({
      sex: 'male',
      birthDate: '1949-12-31',
    })
  })
  it('gives nothing for a number with a wrong digit, and says which part is wrong', () => {
    expect(impliedAnswers('110105194912310021', names, sexSchema, today)).toEqual({})
    expect(idNumberInWords('110105194912310021', today)).toEqual({
      ok: false,
      words: '最后一位与前面的数字对不上，有一位抄错了',
    })
  })
})

describe('what is typed', () => {
  it.each([
    ['19480512', '1948-05-12'],
    ['1948.5.2', '1948-05-02'],
    ['1948年5月12日', '1948-05-12'],
    ['１９４８０５１２', '1948-05-12'],
    ['19480230', null],
    ['1948', null],
  ])('takes %s as the date %s', (typed, date) => {
    expect(dateFromTyped(typed)).toBe(date)
  })

  it('shows a stored date in Chinese and reads it back, and leaves what is no date as it was typed', () => {
    expect(dateInChinese('1949-01-02')).toBe('1949年1月2日')
    expect(dateFromTyped(dateInChinese('1949-01-02'))).toBe('1949-01-02')
    expect(dateInChinese('19400230')).toBe('19400230')
  })
  it('reads account numbers in groups of four', () => {
    expect(groupedByFour(digitsOf('6222 0200-0000 000'))).toBe('6222 0200 0000 000')
  })
})

describe('the interpreting validator', () => {
  const errors = (form: { schema: object; ui: object }, answers: object) =>
    formErrors(form.schema as RJSFSchema, answers, form.ui as UiSchema).map(
      ({ property, message }) => `${property} ${message}`,
    )

  it('puts a missing answer at its own place and tells formats by what the field is', () => {
    const told = errors(elderlyAllowance.form, { name: '演练', bankAccount: '12' })
    expect(told).toContain('.idNumber 必填')
    expect(told).toContain('.bankAccount 银行账号的位数不对，请对着存折或卡核对')
  })
  it('asks for the agent’s answers only when there is an agent', () => {
    expect(errors(elderlyAllowance.form, { agent: 'no' })).not.toContain('.agentName 必填')
    expect(errors(elderlyAllowance.form, { agent: 'yes' })).toContain('.agentName 必填')
  })
  it('finds faults in the lines of a table', () => {
    const told = errors(temporaryRelief.form, { household: [{ name: '演练', relation: '子', idNumber: '1' }] })
    expect(told).toContain('.household.0.idNumber 身份证号应为 18 位，请对着证件核对')
  })
  it('answers RJSF with a tree of faults', () => {
    const { errorSchema } = interpretingValidator.validateFormData(
      { name: '演练', phone: 1 },
      elderlyAllowance.form.schema as RJSFSchema,
    )
    expect(errorSchema.phone?.__errors).toEqual(['应为数字，或格式不对'])
  })
})

const check: DraftCheck = {
  revision: 1,
  ready: false,
  closed: [],
  form: [
    { path: '/name', title: '姓名', kind: 'missing', text: '' },
    { path: '/bankAccount', title: '银行账号', kind: 'wrong', text: '应为 12 到 25 位数字' },
  ],
  conditions: [
    { id: 'a', matterName: '', text: '年满80周岁', state: 'unmet' },
    { id: 'b', matterName: '', text: '见到本人', state: 'ask' },
  ],
  materials: [
    { requirementId: 'id-card', name: '居民身份证', necessity: 1, state: 'missing', dueDate: null },
    { requirementId: 'photo', name: '照片', necessity: 3, state: 'later', dueDate: '2026-11-30' },
  ],
  promised: { date: '2026-12-21', days: 20, unit: 'workday' },
  promises: [],
  warnings: [],
}

describe('what is missing', () => {
  it('counts and names what stands in the way, and nothing that does not', () => {
    expect(lackCount(check)).toBe(4)
    expect(lackInWords(check)).toBe('姓名、银行账号、年满80周岁、居民身份证')
    expect(lackInWords(check, 2)).toBe('姓名、银行账号等 4 项')
    expect(missingAnswers(check)).toEqual(new Set(['name']))
    expect(wrongInWords(check)).toEqual(new Map([['/bankAccount', '应为 12 到 25 位数字']]))
  })
})

describe('a file before it is sent', () => {
  it.each([
    [0, 'FILE_EMPTY'],
    [200 * 1024 * 1024, 'FILE_TOO_LARGE'],
    [50 * 1024 * 1024, undefined],
  ])('of %i bytes is answered with %s', (size, code) => {
    expect(refusalOf({ size })?.code).toBe(code)
  })
})

describe('the keeper of a draft', () => {
  const bridge: Bridge = {
    shell: 'browser',
    bytesBase: '',
    call: () => new Promise(() => {}),
    on: () => () => {},
  }
  const keeper = () =>
    keepDraft({ bridge, journal: null, draftId: 'd', held: {}, answers: {}, check: { ...check, revision: 4 }, upTo: 0 })

  it('shows a check of a later revision', () => {
    const kept = keeper()
    kept.takeCheck({ ...check, revision: 5, ready: true })
    expect(kept.current().check).toEqual({ ...check, revision: 5, ready: true })
  })

  it('keeps the newer check when an older one arrives last', () => {
    const kept = keeper()
    kept.takeCheck({ ...check, revision: 6, ready: true })
    kept.takeCheck({ ...check, revision: 5, ready: false })
    expect(kept.current().check).toEqual({ ...check, revision: 6, ready: true })
  })

  /** A desk that holds one draft, and two windows in which it is open. */
  function twoWindows() {
    let [held, revision]: [Answers, number] = [{ name: '王福生' }, 4]
    const desk: Bridge = {
      ...bridge,
      call: async (_, input) => {
        const { answers, before } = input as { answers: Answers; before: Answers }
        held = laidOver(held, before, answers)
        revision += 1
        return { ok: true, value: { ...check, revision } } as never
      },
    }
    const open = () =>
      keepDraft({
        bridge: desk,
        journal: null,
        draftId: 'd',
        held,
        answers: held,
        check: { ...check, revision },
        upTo: 0,
      })
    return { first: open(), second: open(), held: () => held, check: () => ({ ...check, revision }) }
  }

  it('writes what was changed in its window alone: what another window typed into the same draft stays', async () => {
    const { first, second, held } = twoWindows()
    first.change({ answers: { name: '王福生', address: '下街5号' } })
    await first.flush()
    second.change({ answers: { bankAccount: '6217' } })
    await second.flush()
    expect(held()).toEqual({ address: '下街5号', bankAccount: '6217' })
  })

  it('shows what the desk holds from another window, under what is being typed here', async () => {
    const { first, second, held, check: now } = twoWindows()
    first.change({ answers: { name: '王福生', address: '下街5号' } })
    await first.flush()
    second.change({ answers: { name: '王福', bankAccount: '6217' } })
    second.takeHeld(held(), now())
    expect(second.current().answers).toEqual({ name: '王福', address: '下街5号', bankAccount: '6217' })
    await second.flush()
    expect(held()).toEqual({ name: '王福', address: '下街5号', bankAccount: '6217' })
  })

  it('lets an answer of the desk that is older than its own save change nothing', async () => {
    const { first, check: before } = twoWindows()
    const old = before()
    first.change({ answers: { name: '王福生', phone: '139' } })
    await first.flush()
    first.takeHeld({ name: '王福生' }, old)
    expect(first.current().answers).toEqual({ name: '王福生', phone: '139' })
  })
})
