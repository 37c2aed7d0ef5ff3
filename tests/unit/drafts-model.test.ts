import { describe, expect, it } from 'vitest'
import { assertReady } from '../../main/features/drafts/model.ts'
import { AppError } from '../../preload/contract/errors.ts'
import { matterStandardSchema } from '../../preload/contract/standard.ts'
import type { DraftCheck } from '../../preload/contract/views.ts'
import elderlyAllowance from '../../resources/catalogue/elderly-allowance.json' with { type: 'json' }

const standard = matterStandardSchema.parse(elderlyAllowance)
const idPath = `/${standard.form.applicant.idNumber}`

const wrongId = { path: idPath, title: '身份证号', kind: 'wrong', text: '最后一位对不上' } as const
const missing = { path: '/address', title: '详细地址', kind: 'missing', text: '' } as const
const unmet = { id: 'age', matterName: '', text: '年满 80 周岁', state: 'unmet' } as const
const lacking = { requirementId: 'form', name: '申请表', necessity: 1, state: 'missing', dueDate: null } as const

/** What `assertReady` throws of a check: code and details, or null. */
function refusalOf(check: Partial<DraftCheck>): unknown {
  const promised = { date: null, days: 20, unit: 'workday' } as const
  try {
    assertReady(
      {
        revision: 1,
        ready: false,
        closed: [],
        form: [],
        conditions: [],
        materials: [],
        promised,
        promises: [],
        warnings: [],
        ...check,
      },
      standard.form,
    )
    return null
  } catch (error) {
    return error instanceof AppError ? [error.code, error.details] : error
  }
}

describe('收件 of a draft that is not ready', () => {
  it('is refused by what stands in the way first, named', () => {
    const refusals = [
      refusalOf({ form: [missing, wrongId], conditions: [unmet], materials: [lacking] }),
      refusalOf({ form: [missing], conditions: [unmet], materials: [lacking] }),
      refusalOf({ conditions: [unmet], materials: [lacking] }),
      refusalOf({ conditions: [{ ...unmet, state: 'unknown' }] }),
      refusalOf({ materials: [lacking] }),
    ]

    expect(refusals).toEqual([
      ['ID_NUMBER_WRONG', { why: '最后一位对不上' }],
      ['FORM_INCOMPLETE', { fields: ['详细地址'] }],
      ['CONDITION_NOT_MET', { condition: '年满 80 周岁' }],
      ['CONDITION_NOT_MET', { condition: '年满 80 周岁' }],
      ['MATERIALS_MISSING', { materials: ['申请表'] }],
    ])
  })

  it('is let through with what the clerk looks at and what may follow later', () => {
    const check = { ready: true, conditions: [{ ...unmet, state: 'ask' as const }] }

    expect(refusalOf({ ...check, materials: [{ ...lacking, necessity: 3, state: 'later' }] })).toBeNull()
  })
})
