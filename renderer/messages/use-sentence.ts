import { useTranslation } from 'react-i18next'
import type { Failure } from '../../preload/contract/errors.ts'
import { type Sentence, sentenceFor } from '../../preload/contract/sentences.ts'
import { sentenceInEnglish } from './errors-en.ts'

/** Tells a failure in the window's language. */
export function useSentence(): (failure: Failure) => Sentence {
  const { i18n } = useTranslation()
  return (failure) =>
    i18n.language === 'en'
      ? sentenceInEnglish(failure.code, failure.details)
      : sentenceFor(failure.code, failure.details)
}
