import { describe, expectTypeOf, it } from 'vitest'
import type { CallInput, CallName, CallOutput, Client, Handlers } from '../../preload/contract/api.ts'
import type { EntryPayload } from '../../preload/contract/entries.ts'
import type { ErrorCode, Result } from '../../preload/contract/errors.ts'
import type { Draft, DraftCheck } from '../../preload/contract/views.ts'

describe('the contract', () => {
  it('derives every name from the declaration', () => {
    expectTypeOf<'drafts.receive'>().toExtend<CallName>()
    expectTypeOf<'drafts.nothing'>().not.toExtend<CallName>()
  })

  it('gives input and output of a call their declared shapes', () => {
    expectTypeOf<CallInput<'drafts.create'>>().toEqualTypeOf<{ itemId: string }>()
    expectTypeOf<CallOutput<'drafts.create'>>().toExtend<Draft & { check: DraftCheck }>()
    expectTypeOf<CallOutput<'drafts.promiseLater'>>().toEqualTypeOf<DraftCheck>()
  })

  it('does not compile where a handler is missing', () => {
    expectTypeOf<Omit<Handlers, 'cases.list'>>().not.toExtend<Handlers>()
    expectTypeOf<Handlers>().toHaveProperty('cases.list')
  })

  it('answers the window with a result, never with an exception', () => {
    expectTypeOf<ReturnType<Client['ledger.verify']>>().resolves.toExtend<Result<{ ok: boolean }>>()
  })

  it('knows error codes and entry payloads by name', () => {
    expectTypeOf<'PIN_WRONG'>().toExtend<ErrorCode>()
    expectTypeOf<'NO_SUCH_CODE'>().not.toExtend<ErrorCode>()
    expectTypeOf<EntryPayload<'feed.applied@1'>>().toEqualTypeOf<{ from: number; to: number; hash: string }>()
  })
})
