import { CheckCircleOutlined, StopOutlined, WarningOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import type { SealState } from '../../../../preload/contract/seals.ts'

const isOver = (state: SealState) => state === 'revoked' || state === 'expired'

/** Whether a seal can be used, as an icon and a word. */
export function StateTag({ state }: { readonly state: SealState }) {
  const { t } = useTranslation()
  const tone = state === 'usable' ? 'good' : isOver(state) ? 'bad' : 'warn'
  const icons = { good: <CheckCircleOutlined />, warn: <WarningOutlined />, bad: <StopOutlined /> }
  return (
    <span className={`tag tag-${tone}`}>
      <span aria-hidden="true">{icons[tone]}</span>
      {t(`custody.state.${state}`)}
    </span>
  )
}
