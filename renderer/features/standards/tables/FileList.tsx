import { CloseCircleFilled, FileDoneOutlined, WarningFilled } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import type { TableFile } from '../../../../preload/contract/standards/tables.ts'
import { useSentence } from '../../../messages/use-sentence.ts'
import type { NotSent } from './use-import.ts'

/** The files that were brought: what each is and gave, or in one sentence why it was not read. */
export function FileList({
  files,
  notSent,
}: {
  readonly files: readonly TableFile[]
  readonly notSent: readonly NotSent[]
}) {
  const { t } = useTranslation()
  if (files.length + notSent.length === 0) return null
  const refused = [
    ...notSent,
    ...files.flatMap(({ name, refusal }) => (refusal === null ? [] : [{ name, failure: refusal }])),
  ]
  return (
    <ul className="tables-files" aria-label={t('tables.files')}>
      {files
        .filter(({ refusal }) => refusal === null)
        .map((file) => (
          <ReadFile key={file.name} file={file} />
        ))}
      {refused.map((one) => (
        <Refused key={one.name} {...one} />
      ))}
    </ul>
  )
}

function ReadFile({ file }: { readonly file: TableFile }) {
  const { t } = useTranslation()
  const isFaulty = file.faulty.length > 0 || file.sound === 0
  return (
    <li>
      <span className={isFaulty ? 'edit-advice' : 'saving-done'} aria-hidden="true">
        {isFaulty ? <WarningFilled /> : <FileDoneOutlined />}
      </span>
      <strong>{file.name}</strong>
      <span className="quiet">{file.form === null ? '' : t(`tables.form.${file.form}`)}</span>
      <span>{t('tables.sound', { count: file.sound })}</span>
      {file.faulty.length === 0 ? null : (
        <span className="edit-advice">{t('tables.faulty', { count: file.faulty.length })}</span>
      )}
    </li>
  )
}

function Refused({ failure }: NotSent) {
  const sentence = useSentence()
  const { title, remedy } = sentence(failure)
  return (
    <li className="tables-refused" role="alert">
      <span className="edit-fault" aria-hidden="true">
        <CloseCircleFilled />
      </span>
      <span>
        <strong>{title}</strong> {remedy}
      </span>
    </li>
  )
}
