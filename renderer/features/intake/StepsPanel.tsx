import { CheckCircleFilled } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import type { DraftCheck } from '../../../preload/contract/views.ts'
import type { DraftStandard } from './open-draft.ts'

type Step = { readonly anchor: string; readonly title: string; readonly left: number }

/** The form's groups in order, each with how many of its answers are still to do; then materials. */
function stepsOf(standard: DraftStandard, check: DraftCheck): Step[] {
  const ui = standard.form.ui as Record<string, { 'ui:options'?: { group?: string } } | undefined>
  const order =
    (standard.form.ui['ui:order'] as string[] | undefined) ?? Object.keys(standard.form.schema.properties ?? {})
  const groups: { title: string; names: string[] }[] = []
  for (const name of order) {
    const title = ui[name]?.['ui:options']?.group ?? groups.at(-1)?.title ?? standard.name
    const last = groups.at(-1)
    if (last?.title === title) last.names.push(name)
    else groups.push({ title, names: [name] })
  }
  return groups.map(({ title, names }, index) => ({
    anchor: `form-group-${index}`,
    title,
    left: check.form.filter(({ path }) => names.includes(path.split('/')[1] ?? '')).length,
  }))
}

/** The way through this page: each step leads to its place and shows whether anything is left there. */
export function StepsPanel({ standard, check }: { readonly standard: DraftStandard; readonly check: DraftCheck }) {
  const { t } = useTranslation()
  const missing = check.materials.filter(({ state }) => state === 'missing').length
  const steps = [
    ...stepsOf(standard, check),
    { anchor: 'intake-materials', title: t('intake.stepMaterials'), left: missing },
  ]
  const show = (anchor: string) => {
    const place = document.getElementById(anchor)
    place?.scrollIntoView({ block: 'start' })
    place?.querySelector<HTMLElement>('input, textarea, button')?.focus({ preventScroll: true })
  }
  return (
    <nav className="intake-steps" aria-label={t('intake.steps')}>
      <ol>
        {steps.map((step, index) => (
          <li key={step.anchor}>
            <button type="button" className="step" onClick={() => show(step.anchor)}>
              <span className={step.left === 0 ? 'step-mark step-done' : 'step-mark'}>
                {step.left === 0 ? <CheckCircleFilled aria-hidden="true" /> : index + 1}
              </span>
              <span className="step-title">{step.title}</span>
              {step.left === 0 ? null : <span className="step-left">{step.left}</span>}
            </button>
          </li>
        ))}
        <li className="step step-last">
          <span className={check.ready ? 'step-mark step-done' : 'step-mark'}>
            {check.ready ? <CheckCircleFilled aria-hidden="true" /> : steps.length + 1}
          </span>
          <span className="step-title">{t('intake.stepReceive')}</span>
        </li>
      </ol>
    </nav>
  )
}
