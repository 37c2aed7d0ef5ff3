import { ExclamationCircleFilled, InfoCircleFilled } from '@ant-design/icons'
import { useEditor } from './editor-ground.ts'

/** The id of a field's control. */
export const idOf = (pointer: string): string => `edit${pointer.replaceAll('/', '-')}`

/** What the check says of one place, beside it. */
export function FieldFindings({ pointer }: { readonly pointer: string }) {
  const { findings } = useEditor()
  return findings
    .filter((finding) => finding.pointer === pointer)
    .map(({ problem, remedy, severity }) => (
      <span key={problem} className={severity === 'must' ? 'edit-fault' : 'edit-advice'} role="status">
        {severity === 'must' ? <ExclamationCircleFilled aria-hidden="true" /> : <InfoCircleFilled aria-hidden="true" />}{' '}
        {problem}。{remedy}。
      </span>
    ))
}
