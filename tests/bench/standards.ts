import type { Row } from './row.ts'
import { benchApply } from './standards-apply.ts'
import { benchCounty } from './standards-county.ts'
import { benchForm } from './standards-form.ts'
import { benchWire } from './standards-wire.ts'

/**
 * A release of the generator's 139 matters: its bytes, how long it takes to be in force, its way to every village of the county,
 * and how soon a form by it opens. One after another, so that none takes the processor that another is measured with.
 */
export async function benchStandards(): Promise<Row[]> {
  return [...(await benchWire()), ...(await benchApply()), ...(await benchForm()), ...(await benchCounty())]
}
