/**
 * The first name that stands twice in one object of a JSON text; undefined for none. Parsers differ in which of the two
 * counts, and none says that it dropped the other. The text is JSON: it was parsed before.
 */
export function doubledName(text: string): string | undefined {
  const open: (Set<string> | undefined)[] = []
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '{') open.push(new Set())
    else if (character === '[') open.push(undefined)
    else if (character === '}' || character === ']') open.pop()
    if (character !== '"') continue
    const end = endOfText(text, at)
    const names = open.at(-1)
    if (names !== undefined && isName(text, end + 1)) {
      const name: string = JSON.parse(text.slice(at, end + 1))
      if (names.has(name)) return name
      names.add(name)
    }
    at = end
  }
  return undefined
}

function endOfText(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at
}

/** A text with a colon behind it is a name. */
function isName(text: string, from: number): boolean {
  let at = from
  while (' \t\n\r'.includes(text[at] ?? ':')) at++
  return text[at] === ':'
}
