// Owns: putting questions under a condition (只在…时问), and out of it again, as the samples write it: `if` and `then` in `allOf`.
// Does not own: what a condition may say (preload/contract/standards/form-conditions.ts).
// Start here: `withCondition`.
import {
  type FormCondition,
  readCondition,
  writeCondition,
} from '../../../../../preload/contract/standards/form-conditions.ts'
import { isSameJson, type JsonObject, listOf, objectOf, type Path, valueAt, withValueAt } from '../json-edit.ts'
import { schemaWithout } from './form-edit.ts'
import { askedOn, askedTogether, branchOf, type EditedQuestion, type Level, questionsIn } from './form-reading.ts'

/**
 * The level with these questions asked on a condition; undefined: always. Questions that already stand under that very
 * condition are joined; all of a branch at once keep their place and only its `if` changes. The very same where nothing
 * changes, and for a question whose condition only the source can write.
 */
export function withCondition(level: Level, names: readonly string[], condition: FormCondition | undefined): Level {
  const questions = questionsIn(level)
  const moved = questions.filter(({ name }) => names.includes(name))
  const isMovable = (one: EditedQuestion) => !one.isInSource && askedOn(level, one).on !== 'source'
  if (moved.length === 0 || !moved.every(isMovable)) return level
  if (moved.every((one) => isAskedOn(level, one, condition))) return level
  const branch = wholeBranch(level, questions, moved)
  if (branch !== undefined && condition !== undefined)
    return objectOf(withValueAt(level, ['schema', ...branch, 'if'], writeCondition(condition)))
  const bare = moved.reduce((schema, { name }) => {
    // Each one that goes may take its branch with it, so the others are looked up again.
    const home = questionsIn({ ...level, schema }).find((one) => one.name === name)?.home ?? []
    return schemaWithout(schema, { name, home })
  }, objectOf(level.schema))
  const [schema, home] = condition === undefined ? [bare, []] : withBranch(bare, condition)
  return { ...level, schema: withQuestionsAt(schema, home, moved) }
}

function isAskedOn(level: Level, question: EditedQuestion, condition: FormCondition | undefined): boolean {
  const asked = askedOn(level, question)
  if (condition === undefined) return asked.on === 'always'
  return asked.on === 'answers' && isSameJson(writeCondition(asked.condition), writeCondition(condition))
}

/** The branch whose questions these are, all of them; undefined otherwise. */
function wholeBranch(
  level: Level,
  questions: readonly EditedQuestion[],
  moved: readonly EditedQuestion[],
): Path | undefined {
  const [first] = moved
  const branch = first === undefined ? undefined : branchOf(first.home)
  if (first === undefined || branch === undefined) return undefined
  const together = askedTogether(questions, first)
  const isAlone = objectOf(valueAt(level.schema, branch)).else === undefined
  return isAlone && together.length === moved.length && together.every((one) => moved.includes(one))
    ? branch
    : undefined
}

/** The schema with a branch of this condition, one that is there or a new one at the end of `allOf`, and the home that it gives. */
function withBranch(schema: JsonObject, condition: FormCondition): readonly [schema: JsonObject, home: Path] {
  const wanted = writeCondition(condition)
  const isIt = (part: JsonObject) => {
    const read = part.then === undefined ? undefined : readCondition(part.if)
    return read !== undefined && isSameJson(writeCondition(read), wanted)
  }
  if (isIt(schema)) return [schema, ['then']]
  const all = listOf(schema.allOf)
  const at = all.findIndex((part) => isIt(objectOf(part)))
  if (at >= 0) return [schema, ['allOf', at, 'then']]
  return [
    {
      ...schema,
      allOf: [
        ...all,
        Object.fromEntries([
          ['if', wanted],
          ['then', { properties: {} }],
        ]),
      ],
    },
    ['allOf', all.length, 'then'],
  ]
}

function withQuestionsAt(schema: JsonObject, home: Path, moved: readonly EditedQuestion[]): JsonObject {
  const holder = objectOf(valueAt(schema, home))
  const properties = {
    ...objectOf(holder.properties),
    ...Object.fromEntries(moved.map((one) => [one.name, one.property])),
  }
  const fresh = moved.filter(({ isRequired }) => isRequired).map(({ name }) => name)
  const required = fresh.length === 0 ? {} : { required: [...listOf(holder.required), ...fresh] }
  return objectOf(withValueAt(schema, home, { ...holder, properties, ...required }))
}

/** The questions that another may depend on: asked before it, always, and with an answer to look at. */
export function askableBefore(level: Level, name: string): EditedQuestion[] {
  const questions = questionsIn(level)
  const at = questions.findIndex((one) => one.name === name)
  return questions
    .slice(0, at)
    .filter(
      (one) => askedOn(level, one).on === 'always' && !['table', 'several', 'signature', 'other'].includes(one.kind),
    )
}
