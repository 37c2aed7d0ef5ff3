import { checkAlike } from './alike.ts'
import type { Path, Tell } from './telling.ts'

/** Characters that nobody sees: some turn the order of what is read (Unicode TR9), others make two names look the same (TR39). */
const unseen = /[^\P{Cc}\t\n\r]|\p{Cf}/u

/** Tells texts that hold what cannot be seen, or looks like something else: pasted in by mistake, or put there so that people read something else. */
export function checkUnseen(json: unknown, tell: Tell, path: Path = []): void {
  if (typeof json === 'string') {
    checkAlike(json, tell, path)
    const found = unseen.exec(json)
    if (found === null) return
    const code = (found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
    tell('should', path, `里面有看不见的字符（U+${code}），读起来和存的不一样`, '删去这几个字，重新打一遍')
  } else if (Array.isArray(json)) json.forEach((item, at) => void checkUnseen(item, tell, [...path, at]))
  else if (typeof json === 'object' && json !== null)
    for (const [name, value] of Object.entries(json)) checkUnseen(value, tell, [...path, name])
}
