import { Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { DaysEditor } from './calendar/DaysEditor.tsx'
import { useEditor } from './editor-ground.ts'
import { FieldEditor } from './FieldEditor.tsx'
import { FieldFindings } from './FieldFindings.tsx'
import type { EditPart } from './parts.ts'
import { QuestionsEditor } from './questions/QuestionsEditor.tsx'

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
