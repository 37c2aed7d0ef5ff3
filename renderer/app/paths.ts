/** Where each screen lives behind the `#` of the address. */
export const paths = {
  cases: '/cases',
  oneCase: (caseId: string, tab?: CaseTab) => (tab === undefined ? `/cases/${caseId}` : `/cases/${caseId}/${tab}`),
  intake: '/intake',
  draft: (draftId: string) => `/intake/${draftId}`,
  received: (caseId: string) => `/received/${caseId}`,
  seals: '/seals',
  standards: '/standards',
  standard: (itemId: string) => `/standards/${encodeURIComponent(itemId)}`,
  sync: '/sync',
  settings: '/settings',
} as const

/** The tabs of one case. */
export type CaseTab = 'form' | 'materials' | 'documents' | 'timeline'
