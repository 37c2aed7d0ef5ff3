import { Checkbox, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { SealCustody } from '../../../../preload/contract/seals.ts'
import { useCall } from '../../../app/client.ts'

/** Who may use a seal, for what, and whether a second person must agree; each change is told at once and saved by the caller. */
export function CustodyRules(props: {
  readonly custody: SealCustody
  readonly isFixed: boolean
  readonly onChange: (custody: SealCustody) => void
}) {
  const { t } = useTranslation()
  const { custody, isFixed } = props
  const people = useCall('accounts.list', {})
  const matters = useCall('matters.list', {})
  const change = (part: Partial<SealCustody>) => props.onChange({ ...custody, ...part })
  return (
    <section className="card panel custody-rules">
      <h2>{t('custody.rules')}</h2>
      <label htmlFor="custody-keepers">{t('custody.keepers')}</label>
      <Select
        id="custody-keepers"
        mode="multiple"
        disabled={isFixed}
        value={[...custody.keepers]}
        placeholder={t('custody.keepersAll')}
        options={(people.data?.accounts ?? []).map(({ account, displayName }) => ({
          value: account,
          label: displayName,
        }))}
        onChange={(keepers: string[]) => change({ keepers })}
      />
      <label htmlFor="custody-matters">{t('custody.matters')}</label>
      <Select
        id="custody-matters"
        mode="multiple"
        disabled={isFixed}
        value={[...(custody.itemIds ?? [])]}
        placeholder={t('custody.mattersAll')}
        optionFilterProp="label"
        options={(matters.data?.matters ?? []).map(({ itemId, name }) => ({ value: itemId, label: name }))}
        onChange={(itemIds: string[]) => change({ itemIds: itemIds.length === 0 ? null : itemIds })}
      />
      <Checkbox
        disabled={isFixed}
        checked={custody.otherPapers}
        onChange={(event) => change({ otherPapers: event.target.checked })}
      >
        {t('custody.otherPapers')}
      </Checkbox>
      <Checkbox
        disabled={isFixed}
        checked={custody.needsApproval}
        onChange={(event) => change({ needsApproval: event.target.checked })}
      >
        {t('custody.needsApproval')}
      </Checkbox>
      {isFixed ? <p className="quiet">{t('custody.rulesRead')}</p> : null}
    </section>
  )
}
