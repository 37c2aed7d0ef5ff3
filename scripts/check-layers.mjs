// npm run check:layers [FOLDER]: who imports whom, by the rules of .dependency-cruiser.mjs. Exit code 1 for a violation.
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { cruise } from 'dependency-cruiser'
import { rules } from '../.dependency-cruiser.mjs'

const folder = resolve(process.argv[2] ?? `${import.meta.dirname}/..`)
process.chdir(folder)
const parts = ['preload', 'main', 'central', 'renderer', 'tests'].filter((part) => existsSync(part))
const { output } = await cruise(parts, { ...rules.options, ruleSet: { forbidden: rules.forbidden }, validate: true })
const { violations, totalCruised } = output.summary

// A parser that does not know this TypeScript sees nothing, and finds no violation in it.
const seen = output.modules.filter(({ source }) => /^(preload|main|central|renderer)\/.*\.tsx?$/.test(source))
if (seen.length === 0) {
  process.stderr.write('the layer check saw no module of ours: it checked nothing\n')
  process.exit(1)
}
for (const { rule, from, to, cycle } of violations) {
  const way = cycle === undefined ? to : cycle.map(({ name }) => name).join(' → ')
  process.stderr.write(`${rule.name}: ${from} → ${way}\n`)
}
process.stdout.write(`${seen.length} modules of ours, ${totalCruised} in all, ${violations.length} violations\n`)
process.exitCode = violations.length === 0 ? 0 : 1
