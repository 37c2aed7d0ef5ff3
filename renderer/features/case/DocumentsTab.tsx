import { CheckCircleFilled, FilePdfOutlined, HourglassOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { needsSeal } from '../../../preload/contract/papers.ts'
import type { FileState } from '../../../preload/contract/sync.ts'
import type { CaseDetail, CaseDocument } from '../../../preload/contract/views.ts'
import { documentUrl } from '../../app/bytes.ts'
import { useAct, useBridge } from '../../app/client.ts'
import { paths } from '../../app/paths.ts'
import { useCaseFiles } from '../../app/use-case-files.ts'
import { momentOf } from '../../ui/dates.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorNotice, Notice } from '../../ui/ErrorNotice.tsx'
import { FileProgress } from '../../ui/FileProgress.tsx'
import { isFromElsewhere } from '../../ui/file-words.ts'
import { Loading } from '../../ui/Loading.tsx'
import { Unprintable } from '../../ui/Unprintable.tsx'
import { FetchFile } from './FetchFile.tsx'
import { PaperOffers } from './PaperOffers.tsx'

const PdfView = lazy(() => import('../../ui/PdfView.tsx').then((m) => ({ default: m.PdfView })))

/** What is looked at. `before` stays in sight until one that was just made is in the list. */
type Choice = { readonly id: string; readonly before: string; readonly isMade: boolean }

/** The cursor goes on from what was pressed to what came of it. The same function each time: so only once. */
const takeCursor = (button: HTMLButtonElement | null) => button?.focus()

/** The documents of a case and those that can be made now; beside, the real page. A receipt that could not be made is made again here. */
export function DocumentsTab({ detail }: { readonly detail: CaseDetail }) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const [choice, setChoice] = useState<Choice>({ id: '', before: '', isMade: false })
  const { data: sent } = useCaseFiles(detail.summary.caseId)
  const make = useAct('documents.receipt')
  const choose = (id: string, isMade = false) => setChoice((now) => ({ id, before: now.id, isMade }))
  const find = (id: string) => detail.documents.find((document) => document.documentId === id)
  const chosen = find(choice.id) ?? find(choice.before) ?? detail.documents[0]
  if (chosen === undefined) {
    return (
      <>
        <ErrorNotice error={make.error} />
        <EmptyState
          title={t('case.documentsEmpty')}
          text={t('case.documentsEmptyText')}
          action={
            <Button loading={make.isPending} onClick={() => make.mutate({ caseId: detail.summary.caseId })}>
              {t('case.makeReceipt')}
            </Button>
          }
        />
      </>
    )
  }
  return (
    <div className="documents">
      <div className="documents-list">
        <ul>
          {detail.documents.map((document) => (
            <li key={document.documentId}>
              <DocumentButton
                document={document}
                sent={sent?.files.find(({ sha256 }) => sha256 === document.sha256)}
                caseId={detail.summary.caseId}
                chosen={document === chosen}
                isMade={choice.isMade && document.documentId === choice.id}
                onChoose={() => choose(document.documentId)}
              />
            </li>
          ))}
        </ul>
        <PaperOffers
          caseId={detail.summary.caseId}
          papers={detail.papers}
          onMade={(documentId) => choose(documentId, true)}
        />
      </div>
      <div className="documents-page">
        {isAway(sent?.files, chosen.sha256) ? (
          <EmptyState
            title={t('case.fetchNone')}
            action={<FetchFile file={sent?.files.find(({ sha256 }) => sha256 === chosen.sha256)} />}
          />
        ) : (
          <Suspense fallback={<Loading />}>
            <PdfView
              key={chosen.documentId}
              url={documentUrl(bridge, chosen.documentId)}
              revision={chosen.sealed ? 'sealed' : 'unsealed'}
              title={chosen.title}
              fit="width"
              fileName={`${chosen.title}-${detail.summary.localNumber}.pdf`}
            />
          </Suspense>
        )}
      </div>
    </div>
  )
}

/** Whether a paper of another machine's case is not here yet. */
function isAway(files: readonly FileState[] | undefined, sha256: string): boolean {
  const file = files?.find((one) => one.sha256 === sha256)
  return file !== undefined && isFromElsewhere(file) && file.state !== 'fetched'
}

function DocumentButton(props: {
  readonly document: CaseDocument
  readonly sent: FileState | undefined
  readonly caseId: string
  readonly chosen: boolean
  readonly isMade: boolean
  readonly onChoose: () => void
}) {
  const { t } = useTranslation()
  const { document } = props
  return (
    <>
      <button
        ref={props.isMade ? takeCursor : null}
        type="button"
        className={props.chosen ? 'document document-chosen' : 'document'}
        aria-pressed={props.chosen}
        onClick={props.onChoose}
      >
        <FilePdfOutlined className="document-icon" aria-hidden="true" />
        <span>
          <strong>{document.title}</strong>
          <span className="quiet small number document-when">{momentOf(document.madeAtUtc)}</span>
        </span>
      </button>
      {props.sent === undefined ? null : <FileProgress file={props.sent} />}
      <Unprintable characters={document.unprintable} />
      <WhoseWords document={document} />
      {document.sealed ? (
        <p className="document-sealed">
          <span className="tag tag-good">
            <CheckCircleFilled aria-hidden="true" />
            {t('case.sealed')}
          </span>
          <Link className="document-verify" href={paths.seals.verifyDocument(document.documentId)}>
            {t('sealing.verify')}
          </Link>
        </p>
      ) : !needsSeal(document.kind) ? (
        <p className="quiet small">{t('papers.signedByHand')}</p>
      ) : (
        <p className="document-waits">
          <HourglassOutlined aria-hidden="true" /> {t('case.waits', { why: document.waitsFor })}{' '}
          <Link href={paths.seals.ofCase(props.caseId)}>{t('case.goSeal')}</Link>
        </p>
      )}
    </>
  )
}

/** Whose words a paper has, where it is not the program's own; and why not those of the template that the standard names. */
function WhoseWords({ document: { template, templateFailed } }: { readonly document: CaseDocument }) {
  const { t } = useTranslation()
  if (templateFailed !== '') return <Notice tone="warn">{t('papers.templateFailed', { why: templateFailed })}</Notice>
  if (template === null) return null
  return (
    <p className="quiet small">{t('papers.fromTemplate', { id: template.templateId, version: template.version })}</p>
  )
}
