import {
  CheckOutlined,
  DeleteOutlined,
  EllipsisOutlined,
  PlusOutlined,
  SafetyCertificateOutlined,
  WarningFilled,
} from '@ant-design/icons'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { type PageState, pageState } from './page-order.ts'
import type { Comparisons } from './use-comparisons.ts'

const icons: { readonly [S in PageState]: ReactNode } = {
  waiting: <EllipsisOutlined />,
  same: <CheckOutlined />,
  changed: <WarningFilled />,
  sealed: <SafetyCertificateOutlined />,
  added: <PlusOutlined />,
  removed: <DeleteOutlined />,
}

const rowHeight = 44

/** Every page with the mark of how it stands; a click shows it, and compares it where it was not compared yet. */
export function PageMarks(props: {
  readonly pages: number
  readonly here: number
  readonly comparisons: Comparisons
  readonly onPage: (page: number) => void
}) {
  const { t } = useTranslation()
  const { pages, here, comparisons } = props
  const container = useRef<HTMLElement>(null)
  const rows = useVirtualizer({
    count: pages,
    getScrollElement: () => container.current,
    estimateSize: () => rowHeight,
    overscan: 5,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: the page that is shown decides
  useEffect(() => rows.scrollToIndex(here - 1), [here])
  if (pages < 2) return null
  return (
    <nav ref={container} className="page-marks" aria-label={t('verify.pagesLabel')}>
      <div style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start, key }) => {
          const page = index + 1
          const state = pageState(comparisons.pages.get(page))
          return (
            <button
              key={key}
              type="button"
              className={page === here ? `page-mark mark-${state} page-mark-here` : `page-mark mark-${state}`}
              aria-current={page === here ? 'page' : undefined}
              title={t(`verify.pageState.${state}`)}
              style={{ height: rowHeight, transform: `translateY(${start}px)` }}
              onClick={() => props.onPage(page)}
            >
              <span aria-hidden="true">{icons[state]}</span>
              <span className="number">{page}</span>
              <span className="visually-hidden">{t(`verify.pageState.${state}`)}</span>
            </button>
          )
        })}
      </div>
    </nav>
  )
}
