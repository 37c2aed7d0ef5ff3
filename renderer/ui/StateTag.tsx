import {
  CheckCircleFilled,
  CheckCircleOutlined,
  CloseCircleOutlined,
  ExclamationCircleFilled,
  FileDoneOutlined,
  InboxOutlined,
} from '@ant-design/icons'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { CaseState } from '../../preload/contract/case-steps.ts'

const looks: { readonly [S in CaseState]: readonly [tone: string, icon: ReactNode] } = {
  received: ['plain', <InboxOutlined key="i" />],
  corrections: ['warn', <ExclamationCircleFilled key="i" />],
  refused: ['bad', <CloseCircleOutlined key="i" />],
  accepted: ['info', <CheckCircleOutlined key="i" />],
  approved: ['good', <CheckCircleFilled key="i" />],
  denied: ['bad', <CloseCircleOutlined key="i" />],
  closed: ['good', <FileDoneOutlined key="i" />],
}

/** Where a case stands, as an icon and a word. */
export function StateTag({ state }: { readonly state: CaseState }) {
  const { t } = useTranslation()
  const [tone, icon] = looks[state]
  return (
    <span className={`tag tag-${tone}`}>
      <span aria-hidden="true">{icon}</span>
      {t(`state.${state}`)}
    </span>
  )
}
