import type { CaseView } from '../../preload/contract/views.ts'

/** Where each screen lives behind the `#` of the address. */
export const paths = {
  cases: '/cases',
  /** The queue with one of its views open. */
  casesIn: (view: CaseView) => `/cases/in/${view}`,
  oneCase: (caseId: string, tab?: CaseTab) => (tab === undefined ? `/cases/${caseId}` : `/cases/${caseId}/${tab}`),
  intake: '/intake',
  draft: (draftId: string) => `/intake/${draftId}`,
  received: (caseId: string) => `/received/${caseId}`,
  seals: {
    /** 盖章. */
    seal: '/seals',
    /** 盖章 with the documents of one case chosen. */
    ofCase: (caseId: string) => `/seals/of/${caseId}`,
    /** 验章. */
    verify: '/seals/verify',
    verifyDocument: (documentId: string) => `/seals/verify/${documentId}`,
    /** 用印登记. */
    register: '/seals/register',
    /** 印章保管. */
    custody: '/seals/custody',
  },
  standards: '/standards',
  standard: (itemId: string) => `/standards/${encodeURIComponent(itemId)}`,
  /** A version of it, e.g. the one that a case was taken in under. */
  standardVersion: (itemId: string, version: number) => `/standards/${encodeURIComponent(itemId)}/version/${version}`,
  /** For administrators. */
  standardsDesk: {
    edit: '/standards/desk/edit',
    copy: (copyId: string) => `/standards/desk/edit/${copyId}`,
    /** Files brought in, and what is in them. */
    bringIn: '/standards/desk/bring-in',
    /** Standards written into files. */
    takeOut: '/standards/desk/take-out',
    publish: '/standards/desk/publish',
    adoption: '/standards/desk/adoption',
  },
  sync: {
    /** What is still here, and the link. */
    state: '/sync',
    stick: '/sync/stick',
    /** 日清. */
    days: '/sync/days',
    hall: '/sync/hall',
    notices: '/sync/notices',
    settings: '/sync/settings',
  },
  settings: '/settings',
} as const

/** The tabs of one case. */
export type CaseTab = 'form' | 'materials' | 'documents' | 'timeline'
