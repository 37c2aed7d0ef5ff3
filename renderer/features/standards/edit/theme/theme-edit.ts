import { type JsonObject, listOf, objectOf, plainText, textOf, withPart } from '../json-edit.ts'

/** A member's questions that the theme asks under other names: their own name, and the theme's. */
export type RenamedQuestion = readonly [own: string, asked: string]

/** The questions that a member of a theme has renamed. */
export const renamedOf = (member: JsonObject): RenamedQuestion[] =>
  Object.entries(objectOf(member.answers)).map(([own, asked]) => [own, plainText(asked)])

/** The member with these questions renamed; without any, nothing of it is written. */
export function withRenamedQuestions(member: JsonObject, renamed: readonly RenamedQuestion[]): JsonObject {
  return withPart(member, 'answers', renamed.length === 0 ? undefined : Object.fromEntries(renamed))
}

/** The member standing for another matter or theme: questions of the one before say nothing of it. */
export function withMember(member: JsonObject, kind: 'matter' | 'theme', id: string): JsonObject {
  if (member.kind === kind && member.id === id) return member
  return withPart({ ...member, kind, id }, 'answers', undefined)
}

/** A name in a theme that no question of its matters has, made from one that has. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  const stem = name.replace(/\d+$/u, '').slice(0, 50)
  let number = 2
  while (taken.has(`${stem}${number}`)) number += 1
  return `${stem}${number}`
}

/** Reuse keys that at least two matters of a theme have, with the names of their materials, and those that are ticked anyway. */
export function sharableOf(
  matters: readonly { readonly materials: readonly { readonly key: string; readonly name: string }[] }[],
  ticked: readonly string[],
): { readonly key: string; readonly names: string[]; readonly count: number }[] {
  const keys = new Map<string, { readonly names: Set<string>; count: number }>()
  for (const { materials } of matters) {
    for (const { key, name } of materials) {
      const one = keys.get(key) ?? { names: new Set<string>(), count: 0 }
      one.names.add(name)
      one.count += 1
      keys.set(key, one)
    }
  }
  for (const key of ticked) if (!keys.has(key)) keys.set(key, { names: new Set(), count: 0 })
  return [...keys]
    .filter(([key, { count }]) => count > 1 || ticked.includes(key))
    .map(([key, { names, count }]) => ({ key, names: [...names], count }))
}

/** A list of texts with one of them in it or not, the others in their order. */
export function withTicked(list: JsonObject[string] | undefined, key: string, isTicked: boolean): readonly string[] {
  const others = listOf(list)
    .map(textOf)
    .filter((one) => one !== key)
  return isTicked ? [...others, key] : others
}
