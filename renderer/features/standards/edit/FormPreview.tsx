import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Answers } from '../../../../preload/contract/entries.ts'
import type { StandardForm } from '../../../../preload/contract/standard.ts'
import { formFaults } from '../../../../preload/contract/standards/form-limits.ts'
import { ErrorBoundary } from '../../../app/ErrorBoundary.tsx'
import { useHere } from '../../../app/session.ts'
import { Notice } from '../../../ui/ErrorNotice.tsx'
import { SchemaForm } from '../../../ui/form/SchemaForm.tsx'
import { type JsonObject, objectOf, textOf } from './json-edit.ts'

const noneMarked: ReadonlySet<string> = new Set()
const noneTold: ReadonlyMap<string, string> = new Map()

/** The very form that intake draws, over answers that nobody keeps, and what is to be brought. */
export function FormPreview({ form, materials }: { readonly form: JsonObject; readonly materials: readonly string[] }) {
  const { t } = useTranslation()
  const { station } = useHere()
  const [answers, setAnswers] = useState<Answers>({})
  const { name, idNumber, phone } = objectOf(form.applicant)
  const isSound =
    objectOf(form.schema).type === 'object' && formFaults(form.schema as StandardForm['schema']).length === 0
  const drawn = {
    ...{ schema: objectOf(form.schema), ui: objectOf(form.ui) },
    applicant: { name: textOf(name), idNumber: textOf(idNumber), phone: textOf(phone) },
  } as StandardForm
  // A form of other questions is another form: it begins anew.
  const key = JSON.stringify([drawn.schema, drawn.ui])
  return (
    <>
      <p className="quiet">{t('standardsDesk.edit.previewText')}</p>
      {isSound ? (
        <ErrorBoundary key={key}>
          <SchemaForm
            form={drawn}
            answers={answers}
            today={station.todayInShanghai}
            marked={noneMarked}
            told={noneTold}
            ownDivision={station.stationId.slice(0, 12)}
            onChange={setAnswers}
          />
        </ErrorBoundary>
      ) : (
        <Notice tone="warn">{t('standardsDesk.edit.previewNot')}</Notice>
      )}
      <h3>{t('standardsDesk.edit.applicantLacks')}</h3>
      <ul className="edit-materials">
        {materials.map((material, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: materials may have the same name while they are written
          <li key={at}>{material}</li>
        ))}
      </ul>
    </>
  )
}
