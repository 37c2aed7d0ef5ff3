import { Checkbox } from 'antd'
import { useTranslation } from 'react-i18next'
import { useEditor } from '../editor-ground.ts'
import { FieldFindings } from '../FieldFindings.tsx'
import { listOf, textOf } from '../json-edit.ts'
import { useFresh } from '../use-fresh.ts'
import { sharableOf, withTicked } from './theme-edit.ts'

/** Materials that are handed in once: ticked from those that two of the matters ask for under the same reuse key. */
export function SharedMaterials({ label }: { readonly label: string }) {
  const { t } = useTranslation()
  const { value, change, isLocked, copyId } = useEditor()
  const merged = useFresh('standards.merged', { copyId })
  const ticked = listOf(value.sharedMaterials).map(textOf)
  const offered = sharableOf(merged.data?.matters ?? [], ticked)
  return (
    <section className="edit-list" data-pointer="/sharedMaterials" aria-label={label}>
      <h3>{t('standardsDesk.theme.shared')}</h3>
      <FieldFindings pointer="/sharedMaterials" />
      {offered.length === 0 ? <p className="quiet">{t('standardsDesk.theme.sharedNone')}</p> : null}
      {offered.map(({ key, names, count }) => (
        <div key={key}>
          <Checkbox
            disabled={isLocked}
            checked={ticked.includes(key)}
            onChange={(event) =>
              change(['sharedMaterials'], withTicked(value.sharedMaterials, key, event.target.checked))
            }
          >
            {names.length === 0 ? key : names.join('、')}{' '}
            <span className="quiet">{t('standardsDesk.theme.sharedBy', { count })}</span>
          </Checkbox>
          {ticked.includes(key) ? <FieldFindings pointer={`/sharedMaterials/${ticked.indexOf(key)}`} /> : null}
        </div>
      ))}
    </section>
  )
}
