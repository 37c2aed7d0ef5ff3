import { useCall } from '../../app/client.ts'
import { Loading } from '../../ui/Loading.tsx'
import { Received } from './Received.tsx'
import { ReceivedTogether } from './ReceivedTogether.tsx'
import './received.css'

/** After 收件: the case with its receipt, or all cases that were taken in with it by a 一件事. */
export function ReceivedPage({ caseId }: { readonly caseId: string }) {
  const { data, isPending } = useCall('cases.get', { caseId })
  if (isPending) return <Loading />
  const theme = data?.theme ?? null
  if (theme !== null && theme.cases.length > 1) return <ReceivedTogether theme={theme} caseId={caseId} />
  return <Received caseId={caseId} />
}
