import { Button, Checkbox } from 'antd'
import { useTranslation } from 'react-i18next'
import type { FoundDocument } from '../../../../preload/contract/standards/tables.ts'
import { momentOf } from '../../../ui/dates.ts'
import { Notice } from '../../../ui/ErrorNotice.tsx'
import { canTake, replacesCopy } from './choice.ts'

const tones = { new: 'good', changed: 'info', same: 'plain' } as const

/** The documents of an import beside what is in force and being written; those chosen are taken over. */
export function FoundTable(props: {
  readonly documents: readonly FoundDocument[]
  /** Those that must be mended first: they are not taken over. */
  readonly faulty: readonly { readonly file: string; readonly name: string }[]
  readonly chosen: ReadonlySet<string>
  readonly onTurn: (keys: readonly string[]) => void
  /** Keys of those that would take the place of a working copy. */
  readonly replacing: readonly string[]
}) {
  const { t } = useTranslation()
  const { documents, faulty, chosen, onTurn, replacing } = props
  const waiting = replacing.filter((key) => !chosen.has(key))
  return (
    <>
      {replacing.length === 0 ? null : (
        <Notice
          tone="warn"
          action={
            <Button onClick={() => onTurn(waiting.length > 0 ? waiting : replacing)}>
              {t(waiting.length > 0 ? 'tables.replaceAll' : 'tables.replaceNone')}
            </Button>
          }
        >
          {t('tables.replacing', { count: replacing.length })}
        </Notice>
      )}
      <div className="page-scroll panel">
        <table className="desk-list tables-list" aria-label={t('tables.documents')}>
          <thead>
            <tr>
              <th scope="col">
                <span className="visually-hidden">{t('tables.choice')}</span>
              </th>
              {(['kind', 'name', 'state', 'changes', 'file'] as const).map((column) => (
                <th key={column} scope="col">
                  {t(`tables.column.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {faulty.map(({ file, name }) => (
              <tr key={`faulty ${file} ${name}`}>
                <td />
                <td />
                <td>
                  <strong>{name}</strong>
                </td>
                <td colSpan={2}>
                  <span className="tag tag-bad">{t('tables.mustMend')}</span>
                </td>
                <td>{file}</td>
              </tr>
            ))}
            {documents.map((one) => (
              <Row key={one.key} found={one} isChosen={chosen.has(one.key)} onTurn={() => onTurn([one.key])} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

function Row(props: { readonly found: FoundDocument; readonly isChosen: boolean; readonly onTurn: () => void }) {
  const { t } = useTranslation()
  const { found, isChosen, onTurn } = props
  const { kind, name, id, department, state, changes, file } = found
  return (
    <tr className={isChosen ? 'desk-edited' : undefined}>
      <td>
        <Checkbox
          className="tables-check"
          checked={isChosen}
          disabled={!canTake(found)}
          onChange={onTurn}
          aria-label={t('tables.choose_of', { name: name || id })}
        />
      </td>
      <td>{t(`standardsDesk.kind.${kind}`)}</td>
      <td>
        <strong>{name || id}</strong>
        <div className="quiet">{department}</div>
      </td>
      <td>
        <span className={`tag tag-${tones[state]}`}>{t(`tables.state.${state}`)}</span> <Beside found={found} />
      </td>
      <td>
        {changes.words.map((words) => (
          <div key={words}>{words}</div>
        ))}
        {changes.count > changes.words.length ? (
          <div className="quiet">{t('tables.moreChanges', { count: changes.count - changes.words.length })}</div>
        ) : null}
      </td>
      <td>{file}</td>
    </tr>
  )
}

/** What taking it over does to the working copy. */
function Beside({ found }: { readonly found: FoundDocument }) {
  const { t } = useTranslation()
  const { copy } = found
  if (copy === null) return null
  const words = t(`tables.copy.${copy.state}`, { time: momentOf(copy.updatedAtUtc) })
  return <span className={replacesCopy(found) ? 'tag tag-warn' : 'tag tag-plain'}>{words}</span>
}
