import { afterEach, beforeEach, expect, test } from 'vitest'
import type { OpenFeatures } from '../../main/desk/compose.ts'
import { makeKeyPair } from '../../main/wire/signatures.ts'
import type { CallInput, CallName, CallOutput, Handlers } from '../../preload/contract/api.ts'
import { openSampleStation } from '../helpers/sample-station.ts'
import { settableClock, temporaryFolder } from '../helpers/store.ts'

const caller = { sessionId: 's', account: 'clerk', displayName: '文书' }

let folder: ReturnType<typeof temporaryFolder>
let station: OpenFeatures

async function ask<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> {
  const handler = station.handlers[name] as Handlers[N] | undefined
  if (handler === undefined) throw new Error(`no ${name}`)
  return (await handler(input as never, caller)) as CallOutput<N>
}

beforeEach(async () => {
  folder = temporaryFolder()
  station = (await openSampleStation(folder.path, settableClock('2026-03-02T12:00:00.000Z'), makeKeyPair())).station
})
afterEach(() => {
  station.close()
  folder[Symbol.dispose]()
})

test('a draft begins with what its form states, kept and judged like anything typed', async () => {
  const begun = await ask('drafts.create', { itemId: 'SAMPLE-LNYDK' })
  expect(begun.answers).toEqual({ ethnicity: '汉族', agent: 'no' })
  const { draft, check } = await ask('drafts.get', { draftId: begun.draftId })
  expect(draft.answers).toEqual(begun.answers)
  expect(check.form.map(({ path }) => path)).not.toContain('/agent')
  expect(check.form.map(({ path }) => path)).toContain('/name')
})

test('a draft of a theme begins with what its chosen matters state', async () => {
  const { answers } = await ask('drafts.createTheme', { themeId: 'SAMPLE-THEME-CJR' })
  expect(answers).toMatchObject({ ethnicity: '汉族', agent: 'no' })
})

test('a form that states nothing begins empty', async () => {
  const { answers } = await ask('drafts.create', { itemId: 'SAMPLE-CFXK' })
  expect(answers).toEqual({})
})
