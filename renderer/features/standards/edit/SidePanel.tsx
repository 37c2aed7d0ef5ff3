import { CheckCircleFilled, ExclamationCircleFilled, InfoCircleFilled } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { DocumentKind } from '../../../../preload/contract/standards/documents.ts'
import type { Finding } from '../../../../preload/contract/standards/findings.ts'
import { ErrorNotice } from '../../../ui/ErrorNotice.tsx'
import { Loading } from '../../../ui/Loading.tsx'
import { TabBar } from '../../../ui/TabBar.tsx'
import { ChangeList } from '../changes/ChangeList.tsx'
import { useEditor } from './editor-ground.ts'
import { FormPreview } from './FormPreview.tsx'
import { HistoryPanel } from './history/HistoryPanel.tsx'
import { type JsonObject, listOf, objectOf, textOf } from './json-edit.ts'
import { TemplatePreview } from './TemplatePreview.tsx'
import { ThemePreview } from './theme/ThemePreview.tsx'
import { useFresh } from './use-fresh.ts'
import { placeOf } from './words-of.ts'

/** What stands beside the fields: the form as clerks will see it, the comparison, the check, earlier versions. */
export type Side = 'preview' | 'compare' | 'check' | 'history'

/** The right side of the editor. */
export function SidePanel(props: {
  readonly copyId: string
  readonly isNew: boolean
  readonly value: JsonObject | undefined
  readonly kind: DocumentKind
  readonly findings: readonly Finding[]
  readonly side: Side
  readonly onSide: (side: Side) => void
  readonly onJump: (finding: Finding) => void
}) {
  const { t } = useTranslation()
  const { findings, side } = props
  const wordOf = (key: Side) =>
    key === 'preview' && props.kind === 'template' ? t('papers.template.side') : t(`standardsDesk.edit.${key}`)
  const sides: Side[] = [...(props.kind === 'calendar' ? [] : (['preview'] as const)), 'compare', 'check', 'history']
  const told = (finding: Finding) => ({ ...finding, place: placeOf(finding, props.kind, props.value) })
  const must = findings.filter(({ severity }) => severity === 'must').length
  return (
    <aside className="edit-side panel">
      <TabBar
        label={t('standardsDesk.edit.side')}
        active={side}
        onChange={props.onSide}
        tabs={sides.map((key) => ({
          ...{ key, label: wordOf(key), loud: must > 0 },
          count: key === 'check' && findings.length > 0 ? findings.length : undefined,
        }))}
      />
      <div className="edit-side-body" role="tabpanel" aria-label={wordOf(side)}>
        {side === 'preview' ? <Preview kind={props.kind} value={props.value} /> : null}
        {side === 'compare' ? <Compare copyId={props.copyId} isNew={props.isNew} /> : null}
        {side === 'check' ? <Findings findings={findings.map(told)} onJump={props.onJump} /> : null}
        {side === 'history' ? <HistoryPanel /> : null}
      </div>
    </aside>
  )
}

/** The form as intake draws it, of a matter by itself, of a theme merged; of a template its page. */
function Preview({ kind, value }: { readonly kind: DocumentKind; readonly value: JsonObject | undefined }) {
  const { copyId, revision } = useEditor()
  if (kind === 'template') return <TemplatePreview copyId={copyId} revision={revision} />
  if (kind === 'theme') return <ThemePreview />
  const materials = listOf(value?.materials).map((one) => textOf(objectOf(one).name))
  return <FormPreview form={objectOf(value?.form)} materials={materials} />
}

function Compare({ copyId, isNew }: { readonly copyId: string; readonly isNew: boolean }) {
  const compared = useFresh('standards.compare', { copyId })
  if (compared.error !== null) return <ErrorNotice error={compared.error} />
  if (compared.data === undefined) return <Loading />
  return <ChangeList changes={compared.data.changes} isWhole={isNew} />
}

/** Everything that is wrong, what must be mended first, each with the way to its field. */
export function Findings({
  findings,
  onJump,
}: {
  readonly findings: readonly Finding[]
  readonly onJump?: (finding: Finding) => void
}) {
  const { t } = useTranslation()
  if (findings.length === 0)
    return (
      <p className="state state-good">
        <CheckCircleFilled aria-hidden="true" /> {t('standardsDesk.edit.checkNone')}
      </p>
    )
  return (
    <ul className="findings">
      {findings.map((finding) => (
        <li key={`${finding.document} ${finding.pointer} ${finding.problem}`}>
          <span className={finding.severity === 'must' ? 'tag tag-bad' : 'tag tag-warn'}>
            {finding.severity === 'must' ? (
              <ExclamationCircleFilled aria-hidden="true" />
            ) : (
              <InfoCircleFilled aria-hidden="true" />
            )}{' '}
            {t(`standardsDesk.edit.${finding.severity}`)}
          </span>
          <span>
            <strong>{finding.place}</strong>：{finding.problem}
            <span className="quiet finding-remedy">{t('standardsDesk.edit.mend', { remedy: finding.remedy })}</span>
          </span>
          {onJump === undefined ? null : (
            <Button onClick={() => onJump(finding)} aria-label={`${t('standardsDesk.edit.jump')}：${finding.place}`}>
              {t('standardsDesk.edit.jump')}
            </Button>
          )}
        </li>
      ))}
    </ul>
  )
}
