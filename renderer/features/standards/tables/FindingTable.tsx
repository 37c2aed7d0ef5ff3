import { CopyOutlined, PrinterOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Finding } from '../../../../preload/contract/standards/findings.ts'
import { useShortcut } from '../../../app/shortcuts.ts'
import { KeyHint } from '../../../ui/KeyHint.tsx'
import { printTable } from './print-table.ts'

const columns = ['file', 'place', 'problem', 'remedy'] as const
const cellsOf = ({ document, place, problem, remedy }: Finding) => [document, place, problem, remedy]

/** What is wrong in the files, with file, sheet, cell and remedy; to be printed, or copied into a table. */
export function FindingTable({ findings, more }: { readonly findings: readonly Finding[]; readonly more: number }) {
  const { t } = useTranslation()
  const [isCopied, setCopied] = useState(false)
  const rows = () => [
    [t('tables.finding.severity'), ...columns.map((column) => t(`tables.finding.${column}`))],
    ...findings.map((one) => [t(`standardsDesk.edit.${one.severity}`), ...cellsOf(one)]),
  ]
  const print = () => printTable(t('tables.printTitle'), rows())
  const copy = async () => {
    // Tabs and line breaks would move cells to another place.
    const text = rows().map((row) => row.map((cell) => cell.replaceAll(/\s+/gu, ' ')).join('\t'))
    await navigator.clipboard.writeText(text.join('\n'))
    setCopied(true)
  }
  useShortcut('F9', t('tables.print'), print)
  if (findings.length === 0) return <div className="page-scroll panel tables-explained">{t('tables.noFindings')}</div>
  return (
    <>
      <div className="desk-tools">
        <span className="quiet">{t('tables.mendHow')}</span>
        <Button icon={<PrinterOutlined />} onClick={print} aria-keyshortcuts="F9">
          {t('tables.print')} <KeyHint keys="F9" />
        </Button>
        <Button icon={<CopyOutlined />} onClick={() => void copy()}>
          {t('tables.copyAll')}
        </Button>
        {isCopied ? <span role="status">{t('tables.copied')}</span> : null}
      </div>
      <div className="page-scroll panel">
        <table className="desk-list tables-list" aria-label={t('tables.findings')}>
          <thead>
            <tr>
              <th scope="col">{t('tables.finding.severity')}</th>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {t(`tables.finding.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {findings.map((finding) => (
              <tr key={`${finding.document}\n${finding.place}\n${finding.problem}`}>
                <td>
                  <span className={`tag tag-${finding.severity === 'must' ? 'bad' : 'warn'}`}>
                    {t(`standardsDesk.edit.${finding.severity}`)}
                  </span>
                </td>
                {cellsOf(finding).map((text, at) => (
                  <td key={columns[at]}>{text}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        {more === 0 ? null : <p>{t('tables.moreFindings', { count: more })}</p>}
      </div>
    </>
  )
}
