import { FileAddOutlined, LoadingOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import type { CasePaperKind } from '../../../preload/contract/papers.ts'
import { useAct } from '../../app/client.ts'
import { ErrorNotice } from '../../ui/ErrorNotice.tsx'

/** The papers that are right now, one press each; what was made is told by its id. */
export function PaperOffers(props: {
  readonly caseId: string
  readonly papers: readonly CasePaperKind[]
  readonly onMade: (documentId: string) => void
}) {
  const { t } = useTranslation()
  const make = useAct('documents.make')
  const isMaking = (kind: CasePaperKind) => make.isPending && make.variables.kind === kind
  if (props.papers.length === 0) return <ErrorNotice error={make.error} />
  return (
    <section className="paper-offers" aria-label={t('papers.can')}>
      <h3>{t('papers.can')}</h3>
      <ErrorNotice error={make.error} />
      <ul>
        {props.papers.map((kind) => (
          <li key={kind}>
            <button
              type="button"
              className="document paper-offer"
              disabled={make.isPending}
              aria-busy={isMaking(kind)}
              onClick={() =>
                make.mutate({ caseId: props.caseId, kind }, { onSuccess: ({ documentId }) => props.onMade(documentId) })
              }
            >
              {isMaking(kind) ? (
                <LoadingOutlined className="document-icon" aria-hidden="true" />
              ) : (
                <FileAddOutlined className="document-icon" aria-hidden="true" />
              )}
              <span>
                <strong>{t(`papers.make.${kind}`)}</strong>
                <span className="quiet small document-when">
                  {isMaking(kind) ? t('papers.making') : t(`papers.why.${kind}`)}
                </span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
