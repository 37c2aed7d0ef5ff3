import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { useEditor } from '../editor-ground.ts'
import { FieldFindings, idOf } from '../FieldFindings.tsx'
import { type JsonObject, objectOf, pointerOf, textOf } from '../json-edit.ts'
import { wordFor } from '../words-of.ts'
import { questionsIn } from './form-reading.ts'

const fitting = { name: ['text'], idNumber: ['idNumber', 'uscc', 'text'], phone: ['phone', 'text'] } as const

/** Which questions say who the applicant is: name, number, telephone. */
export function ApplicantFields({ form }: { readonly form: JsonObject }) {
  const { t } = useTranslation()
  const { change, isLocked, kind } = useEditor()
  const applicant = objectOf(form.applicant)
  const questions = questionsIn(form)
  return (
    <fieldset className="edit-group" data-pointer="/form/applicant">
      <legend>{t('standardsDesk.questions.applicant')}</legend>
      <span className="quiet">{t('standardsDesk.questions.applicantText')}</span>
      <div className="edit-pair">
        {(['name', 'idNumber', 'phone'] as const).map((part) => {
          const path = ['form', 'applicant', part]
          const chosen = textOf(applicant[part])
          const kinds: readonly string[] = fitting[part]
          const offered = questions.filter((one) => kinds.includes(one.kind) || one.name === chosen)
          const options = offered.map(({ name, title }) => ({ value: name, label: title || name }))
          const isKnown = offered.some(({ name }) => name === chosen)
          return (
            <div key={part} className="edit-field" data-pointer={pointerOf(path)}>
              <label htmlFor={idOf(pointerOf(path))}>{wordFor(kind, path)}</label>
              <Select
                id={idOf(pointerOf(path))}
                disabled={isLocked}
                value={chosen}
                options={isKnown ? options : [...options, { value: chosen, label: chosen }]}
                onChange={(next: string) => change(path, next)}
              />
              <FieldFindings pointer={pointerOf(path)} />
            </div>
          )
        })}
      </div>
    </fieldset>
  )
}
