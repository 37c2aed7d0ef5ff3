import { Button, Segmented } from 'antd'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Change } from '../../../../preload/contract/standards/findings.ts'
import { ChangeWords, keyOfChange, placedMarks } from '../../../ui/ChangeWords.tsx'
import './changes.css'

/** What changed between two versions: each as a sentence with the marked text, or side by side. */
export function ChangeList({
  changes,
  isWhole = false,
}: {
  readonly changes: readonly Change[]
  readonly isWhole?: boolean
}) {
  const { t } = useTranslation()
  const [look, setLook] = useState<'words' | 'sides'>('words')
  if (changes.length === 0)
    return <p className="quiet">{t(isWhole ? 'standardsDesk.changes.whole' : 'standardsDesk.changes.none')}</p>
  return (
    <div className="changes">
      <Segmented
        value={look}
        onChange={setLook}
        options={[
          { value: 'words', label: t('standardsDesk.changes.asWords') },
          { value: 'sides', label: t('standardsDesk.changes.asSides') },
        ]}
      />
      {look === 'words' ? <ChangeWords changes={changes} /> : <AsSides changes={changes} />}
    </div>
  )
}

function AsSides({ changes }: { readonly changes: readonly Change[] }) {
  const { t } = useTranslation()
  const side = (change: Change, own: 'added' | 'removed', text: string | null) => {
    if (text === null) return <span className="quiet">{t('standardsDesk.changes.empty')}</span>
    return placedMarks(change.marks)
      .filter(({ kind }) => kind === 'same' || kind === own)
      .map(({ kind, text: piece, key }) =>
        kind === 'same' ? (
          piece
        ) : (
          <mark key={key} className={`mark-${own}`}>
            {piece}
          </mark>
        ),
      )
  }
  return (
    <table className="change-sides">
      <thead>
        <tr>
          <th scope="col">{t('standardsDesk.changes.before')}</th>
          <th scope="col">{t('standardsDesk.changes.after')}</th>
        </tr>
      </thead>
      {changes.map((change) => (
        <tbody key={keyOfChange(change)}>
          <tr>
            <th scope="rowgroup" colSpan={2}>
              {change.place}
            </th>
          </tr>
          <tr>
            <td>
              <Folded text={change.before}>{side(change, 'removed', change.before)}</Folded>
            </td>
            <td>
              <Folded text={change.after}>{side(change, 'added', change.after)}</Folded>
            </td>
          </tr>
        </tbody>
      ))}
    </table>
  )
}

/** From so many characters, or lines, on a text is folded. */
const longFrom = { characters: 260, lines: 9 }

/** A long text is folded to its beginning, so that one long change does not hide the others. */
function Folded({ text, children }: { readonly text: string | null; readonly children: ReactNode }) {
  const { t } = useTranslation()
  const [isOpen, setOpen] = useState(false)
  const isLong = text !== null && (text.length > longFrom.characters || text.split('\n').length > longFrom.lines)
  if (!isLong) return children
  return (
    <>
      <div className={isOpen ? undefined : 'change-folded'}>{children}</div>
      <Button type="link" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {t(isOpen ? 'standardsDesk.changes.fold' : 'standardsDesk.changes.unfold')}
      </Button>
    </>
  )
}
