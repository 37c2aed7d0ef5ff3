import { Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { useEditor } from './editor-ground.ts'
import { FieldEditor } from './FieldEditor.tsx'
import { FieldFindings, idOf } from './FieldFindings.tsx'
import { listOf, objectOf, pointerOf, textOf } from './json-edit.ts'
import { LinesField } from './LinesField.tsx'
import type { EditPart } from './parts.ts'
import { QuestionsEditor } from './QuestionsEditor.tsx'
import { wordFor } from './words-of.ts'

/** The fields of one part of a document. */
export function PartEditor({
  part,
  text,
  onText,
}: {
  readonly part: EditPart
  readonly text: string
  readonly onText: (text: string) => void
}) {
  if (part.key === 'json') return <SourceEditor text={text} onText={onText} />
  return (
    <>
      {part.key === 'form' ? <QuestionsEditor /> : null}
      {part.key === 'days' ? <DaysEditor /> : null}
      {part.fields.map((field) => (
        <FieldEditor key={field.name} field={field} at={[]} />
      ))}
    </>
  )
}

/** The whole document as it is written, for whoever knows it. */
function SourceEditor({ text, onText }: { readonly text: string; readonly onText: (text: string) => void }) {
  const { t } = useTranslation()
  const { isLocked } = useEditor()
  return (
    <div className="edit-source" data-pointer="">
      <label htmlFor="edit-source">{t('standardsDesk.edit.json')}</label>
      <p className="quiet">{t('standardsDesk.edit.jsonText')}</p>
      <FieldFindings pointer="" />
      <Input.TextArea
        id="edit-source"
        spellCheck={false}
        disabled={isLocked}
        value={text}
        onChange={(event) => onText(event.target.value)}
      />
    </div>
  )
}

/** A calendar: its year, the days off and the weekend days that are worked. */
function DaysEditor() {
  const { value, change, isLocked, kind } = useEditor()
  const years = objectOf(value.years)
  const [year = ''] = Object.keys(years)
  const days = objectOf(years[year])
  const lists = ['off', 'work'] as const
  return (
    <>
      <div className="edit-field" data-pointer="/years">
        <label htmlFor="edit-year">{wordFor(kind, ['years'])}</label>
        <Input
          id="edit-year"
          className="edit-number"
          inputMode="numeric"
          maxLength={4}
          disabled={isLocked}
          value={year}
          onChange={(event) => change(['years'], { [event.target.value]: days })}
        />
        <FieldFindings pointer="/years" />
      </div>
      {lists.map((list) => {
        const path = ['years', year, list]
        const pointer = pointerOf(path)
        return (
          <div key={list} className="edit-field" data-pointer={pointer}>
            <label htmlFor={idOf(pointer)}>{wordFor(kind, ['years', list])}</label>
            <LinesField
              id={idOf(pointer)}
              disabled={isLocked}
              value={listOf(days[list]).map(textOf)}
              onChange={(lines) => change(path, lines)}
            />
            {[...listOf(days[list]).keys()].map((at) => (
              <FieldFindings key={at} pointer={`${pointer}/${at}`} />
            ))}
          </div>
        )
      })}
    </>
  )
}
