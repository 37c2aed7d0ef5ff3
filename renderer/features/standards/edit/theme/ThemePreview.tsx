import { useTranslation } from 'react-i18next'
import { Loading } from '../../../../ui/Loading.tsx'
import { useEditor } from '../editor-ground.ts'
import { FormPreview } from '../FormPreview.tsx'
import { useFresh } from '../use-fresh.ts'

/** The form of a theme as the clerk will see it, merged by the desk from its matters as they stand. */
export function ThemePreview() {
  const { t } = useTranslation()
  const { copyId } = useEditor()
  const merged = useFresh('standards.merged', { copyId })
  if (merged.data === undefined) return <Loading />
  const { form, materials } = merged.data
  if (form === null) return <p className="quiet">{t('standardsDesk.theme.previewNone')}</p>
  const told = materials.map(({ name, count }) =>
    count < 2 ? name : t('standardsDesk.theme.materialFor', { name, count }),
  )
  return <FormPreview form={form} materials={told} />
}
