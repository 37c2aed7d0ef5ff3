import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { paths } from '../../app/paths.ts'
import { KeyHint } from '../../ui/KeyHint.tsx'

/** Where to go after 收件: to the case, or on to the next person. */
export function ReceivedTools({ caseId }: { readonly caseId: string }) {
  const { t } = useTranslation()
  const [, go] = useLocation()
  return (
    <div className="received-tools">
      <Button onClick={() => go(paths.oneCase(caseId))} aria-keyshortcuts="Escape">
        {t('intake.openCase')} <KeyHint keys="Esc" />
      </Button>
      <Button type="primary" size="large" onClick={() => go(paths.intake)} aria-keyshortcuts="F2">
        {t('intake.another')} <KeyHint keys="F2" />
      </Button>
    </div>
  )
}
