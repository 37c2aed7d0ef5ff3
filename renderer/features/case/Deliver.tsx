import { SolutionOutlined } from '@ant-design/icons'
import { Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { checkIdNumber, normaliseIdNumber } from '../../../preload/contract/identity.ts'
import { useAct } from '../../app/client.ts'
import { useHere } from '../../app/session.ts'
import { ErrorNotice, Notice } from '../../ui/ErrorNotice.tsx'
import { MainAction } from '../../ui/MainAction.tsx'

/** 送达: who takes the result of a closed case away. The number may stay empty where no card was shown; a wrong one is not taken. */
export function Deliver(props: { readonly caseId: string; readonly onDelivered: () => void }) {
  const { t } = useTranslation()
  const { station } = useHere()
  const deliver = useAct('cases.deliver')
  const [name, setName] = useState('')
  const [idNumber, setIdNumber] = useState('')
  const [isWrong, setIsWrong] = useState(false)
  const run = () => {
    const receiverIdNumber = normaliseIdNumber(idNumber)
    if (receiverIdNumber !== '' && !checkIdNumber(receiverIdNumber, station.todayInShanghai).ok) return setIsWrong(true)
    const given = { caseId: props.caseId, receiverName: name.trim(), receiverIdNumber }
    deliver.mutate(given, { onSuccess: props.onDelivered })
  }
  return (
    <>
      <ErrorNotice error={deliver.error} />
      {isWrong ? <Notice tone="warn">{t('case.deliverIdWrong')}</Notice> : null}
      <Input
        className="case-receiver"
        value={name}
        maxLength={100}
        placeholder={t('case.deliverName')}
        aria-label={t('case.deliverName')}
        title={t('case.deliverText')}
        onChange={(event) => setName(event.target.value)}
      />
      <Input
        className="case-receiver-id"
        value={idNumber}
        maxLength={30}
        autoComplete="off"
        placeholder={t('case.deliverId')}
        aria-label={t('case.deliverId')}
        aria-invalid={isWrong}
        status={isWrong ? 'error' : ''}
        onChange={(event) => {
          setIsWrong(false)
          setIdNumber(event.target.value)
        }}
      />
      <MainAction
        label={t('case.deliver')}
        icon={<SolutionOutlined />}
        isBusy={deliver.isPending}
        isOff={name.trim() === ''}
        onRun={run}
      />
    </>
  )
}
