import type { Path, Tell } from './telling.ts'

/** Greek and Cyrillic letters that look like these Latin ones (Unicode TR39): a code or a name that holds one is found by nobody. */
const alike: Readonly<Record<string, string>> = Object.fromEntries(
  (
    [
      ['АВЕЅЗІЈКМНОРСТУХ', 'ABES3IJKMHOPCTYX'],
      ['аеѕіјорсухԁһ', 'aesijopcyxdh'],
      ['ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ', 'ABEZHIKMNOPTYX'],
      ['ονι', 'ovi'],
    ] as const
  ).flatMap(([strange, usual]) => [...strange].map((letter, at) => [letter, usual[at] ?? ''])),
)
const strange = new RegExp(`[${Object.keys(alike).join('')}]`, 'u')

/** Tells a text that holds a letter of another alphabet which looks like one of ours, and one that was spoilt on its way (U+FFFD). */
export function checkAlike(text: string, tell: Tell, path: Path): void {
  const found = strange.exec(text)?.[0]
  if (found !== undefined) {
    const code = (found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
    const problem = `“${found}”（U+${code}）看着像“${alike[found]}”，其实是另一个字母，照着打的人找不到它`
    tell('should', path, problem, `用键盘重新打“${alike[found]}”；真是外文字母的不用改`)
  }
  if (text.includes('\uFFFD')) tell('should', path, '里面有读坏了的字（�）', '照原来的文字重新打一遍')
}
