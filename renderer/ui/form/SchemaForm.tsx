// Owns: a standard's form on screen: fields, groups, faults beside their field, Enter to the next one.
// Does not own: saving (features/intake), what is missing (the desk's DraftCheck).
// Start here: SchemaForm.

import { Theme } from '@rjsf/antd'
import type { IChangeEvent } from '@rjsf/core'
import { withTheme } from '@rjsf/core'
import type { FormContextType, RJSFSchema, RJSFValidationError, UiSchema } from '@rjsf/utils'
import { type KeyboardEvent, memo, useMemo, useRef } from 'react'
import type { Answers } from '../../../preload/contract/entries.ts'
import type { MatterStandard } from '../../../preload/contract/standard.ts'
import type { FormSurroundings } from './form-surroundings.ts'
import { type FilledNames, fillFrom, idNumberInWords, impliedOfAll } from './identity-fill.ts'
import { focusNextField } from './keyboard.ts'
import { SignatureWidget } from './SignatureWidget.tsx'
import { ArrayFieldItemTemplate, ArrayFieldTemplate, FieldTemplate, ObjectFieldTemplate } from './templates.tsx'
import { type FormAnswers, interpretingValidator } from './validator.ts'
import {
  BankAccountWidget,
  ChoiceWidget,
  CreditCodeWidget,
  DateWidget,
  DivisionWidget,
  IdNumberWidget,
  PhoneWidget,
  TextareaWidget,
} from './widgets.tsx'
import './form.css'

const ThemedForm = withTheme<FormAnswers, RJSFSchema, FormContextType>(Theme)

const widgets = {
  idNumber: IdNumberWidget,
  uscc: CreditCodeWidget,
  signature: SignatureWidget,
  phone: PhoneWidget,
  division: DivisionWidget,
  bankAccount: BankAccountWidget,
  DateWidget,
  TextareaWidget,
  SelectWidget: ChoiceWidget,
  RadioWidget: ChoiceWidget,
}
const templates = { FieldTemplate, ObjectFieldTemplate, ArrayFieldTemplate, ArrayFieldItemTemplate }

/** Only what the standard states as a default is filled in: never the first of several choices. */
const onlyStatedDefaults = { constAsDefaults: 'never' } as const

/** Missing answers are told together at the side; a field is marked only for what is wrong in it. */
const withoutMissing = (errors: RJSFValidationError[]) => errors.filter(({ name }) => name !== 'required')

const nameLike = (schema: MatterStandard['form']['schema'], name: string): string | undefined =>
  Object.hasOwn((schema.properties ?? {}) as object, name) ? name : undefined

const filledNames = (form: MatterStandard['form']): FilledNames => ({
  idNumber: form.applicant.idNumber,
  birthDate: nameLike(form.schema, 'birthDate'),
  sex: nameLike(form.schema, 'sex'),
})

/**
 * The form of a standard over its answers. Controlled: `onChange` gets every keystroke's whole answers, filled up from
 * the identity number where it says more. Drawn anew only where something was given anew: a page tells more often how far
 * saving has come than somebody types.
 */
export const SchemaForm = memo(function SchemaForm(props: {
  readonly form: MatterStandard['form']
  /** Whose identity numbers fill which answers; without it the applicant's. */
  readonly people?: readonly FilledNames[]
  readonly answers: Answers
  readonly today: string
  readonly marked: ReadonlySet<string>
  readonly told: ReadonlyMap<string, string>
  readonly ownDivision: string
  readonly onChange: (answers: Answers) => void
  /** Enter in the last field. */
  readonly onEnd?: () => void
}) {
  const { form, answers, today } = props
  const holder = useRef<HTMLDivElement>(null)
  const people = useMemo(() => props.people ?? [filledNames(form)], [props.people, form])
  const imply = (given: Answers) => {
    const properties = (form.schema.properties ?? {}) as Record<string, Record<string, unknown>>
    return impliedOfAll(given, people, (name) => properties[name] ?? {}, today)
  }
  const filled = useRef(imply(answers))
  const { marked, told, ownDivision } = props
  const surroundings: FormSurroundings = useMemo(
    () => ({ today, marked, told, ownDivision }),
    [today, marked, told, ownDivision],
  )

  const take = (event: IChangeEvent<FormAnswers>) => {
    const typed = (event.formData ?? {}) as Answers
    const implied = imply(typed)
    const next = fillFrom(typed, implied, filled.current)
    filled.current = { ...filled.current, ...implied }
    props.onChange(JSON.parse(JSON.stringify(next)) as Answers)
  }

  const keys = (event: KeyboardEvent<HTMLDivElement>) => {
    const target = event.target as HTMLElement
    const isPlainEnter = event.key === 'Enter' && !event.ctrlKey && !event.altKey && !event.metaKey && !event.shiftKey
    if (!isPlainEnter || event.nativeEvent.isComposing) return
    if (target instanceof HTMLTextAreaElement || target instanceof HTMLButtonElement) return
    if (target.getAttribute('aria-expanded') === 'true') return
    event.preventDefault()
    event.stopPropagation()
    if (holder.current !== null && !focusNextField(holder.current, target)) props.onEnd?.()
  }

  return (
    <div ref={holder} className="schema-form" onKeyDownCapture={keys}>
      <ThemedForm
        tagName="div"
        idPrefix="answer"
        schema={form.schema as RJSFSchema}
        uiSchema={form.ui as UiSchema<FormAnswers>}
        formData={answers as FormAnswers}
        formContext={surroundings}
        validator={interpretingValidator}
        customValidate={(data, errors, ui) => {
          for (const { idNumber } of people) {
            const widget = ui?.[idNumber]?.['ui:widget']
            const told = widget === 'idNumber' ? idNumberInWords(String(data?.[idNumber] ?? ''), today) : null
            if (told?.ok === false) errors[idNumber]?.addError(told.words)
          }
          return errors
        }}
        transformErrors={(errors) =>
          withoutMissing(errors).filter(({ property }) => people.every(({ idNumber }) => property !== `.${idNumber}`))
        }
        widgets={widgets}
        templates={templates}
        experimental_defaultFormStateBehavior={onlyStatedDefaults}
        liveValidate="onChange"
        showErrorList={false}
        focusOnFirstError={false}
        noHtml5Validate
        onChange={take}
      >
        <span />
      </ThemedForm>
    </div>
  )
})
