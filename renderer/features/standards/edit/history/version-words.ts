import { useTranslation } from 'react-i18next'
import { useEditor } from '../editor-ground.ts'

/** How people call a version of the document that is being written: a calendar's is its year. */
export function useVersionWords(): (version: number) => string {
  const { t } = useTranslation()
  const { kind } = useEditor()
  return (version) =>
    kind === 'calendar'
      ? t('standardsDesk.history.year', { year: version })
      : t('standardsDesk.list.version_of', { version })
}
