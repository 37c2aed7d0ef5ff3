import { useSentence } from '../messages/use-sentence.ts'
import { Notice } from './ErrorNotice.tsx'

/** Tells before printing which rare characters of a document stand as 〓 and are to be written in by hand; nothing where all print. */
export function Unprintable({ characters }: { readonly characters: readonly string[] }) {
  const sentence = useSentence()
  if (characters.length === 0) return null
  const { title, remedy } = sentence({ code: 'GLYPHS_MISSING', details: { characters } })
  return (
    <Notice tone="warn">
      <strong>{title}</strong> {remedy}
    </Notice>
  )
}
