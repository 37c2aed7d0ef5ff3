import type { FormTest } from '../../../../../preload/contract/standards/form-conditions.ts'
import type { EditedQuestion } from './form-reading.ts'

/** How an answer can be looked at. */
export type TestWay = FormTest['asks']

/** The ways in which answers of a question can be looked at, the usual one first. */
export function waysOf({ kind, choices }: EditedQuestion): readonly TestWay[] {
  if (choices.length > 0) return ['is', 'answered']
  if (kind === 'yesNo') return ['is']
  return kind === 'number' ? ['between', 'answered'] : ['answered', 'is']
}

/** What a test of a question begins with: its first choice, checked, a number from 1 on, or that it was answered. */
export function firstTest(question: EditedQuestion, way: TestWay = waysOf(question)[0] ?? 'answered'): FormTest {
  const { name, kind, choices } = question
  switch (way) {
    case 'is':
      return { name, asks: 'is', values: [choices[0]?.value ?? (kind === 'yesNo' ? true : '')] }
    case 'between':
      return { name, asks: 'between', least: 1 }
    case 'answered':
      return { name, asks: 'answered', isText: question.property.type === 'string' }
  }
}
