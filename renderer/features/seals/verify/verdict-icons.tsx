import { CheckCircleFilled, CloseCircleFilled, QuestionCircleFilled, WarningFilled } from '@ant-design/icons'
import type { ReactNode } from 'react'
import type { Verdict } from '../../../../preload/contract/verification.ts'

/** The icon of a verdict; never without its word beside it. */
export const verdictIcons: { readonly [V in Verdict]: ReactNode } = {
  valid: <CheckCircleFilled />,
  changed: <WarningFilled />,
  invalid: <CloseCircleFilled />,
  unknown: <QuestionCircleFilled />,
}
