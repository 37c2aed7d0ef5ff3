import { expect, test } from 'vitest'
import { canDecide, caseStates, nextStates } from '../../preload/contract/case-steps.ts'

test('every state leads only where the law lets it', () => {
  const table = Object.fromEntries(caseStates.map((state) => [state, nextStates(state)]))
  expect(table).toEqual({
    received: ['accepted', 'corrections', 'refused'],
    accepted: ['approved', 'denied'],
    corrections: ['accepted', 'refused', 'corrections'],
    refused: [],
    approved: ['closed'],
    denied: ['closed'],
    closed: [],
  })
  expect([canDecide('received', 'accepted'), canDecide('received', 'closed'), canDecide('closed', 'accepted')]).toEqual(
    [true, false, false],
  )
})
