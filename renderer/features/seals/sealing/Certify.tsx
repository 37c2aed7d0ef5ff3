import { CloseOutlined, PushpinOutlined } from '@ant-design/icons'
import { Button, Checkbox, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Choices } from './choices.ts'

/** 首章: closes the paper, and lays named fields for those that seal after it. */
export function Certify(props: {
  readonly choices: Choices
  readonly isTooLate: boolean
  readonly onChange: (next: (choices: Choices) => Choices) => void
}) {
  const { t } = useTranslation()
  const { choices, isTooLate, onChange } = props
  const rename = (index: number, name: string) =>
    onChange((now) => ({ ...now, slots: now.slots.map((slot, at) => (at === index ? { ...slot, name } : slot)) }))
  return (
    <div className="sealing-certify">
      <Checkbox
        checked={choices.certify && !isTooLate}
        disabled={isTooLate}
        onChange={(event) => onChange((now) => ({ ...now, certify: event.target.checked, laying: false }))}
      >
        {t('sealing.certify')}
      </Checkbox>
      <span className="quiet">{t(isTooLate ? 'sealing.certifyLate' : 'sealing.certifyText')}</span>
      {choices.certify && !isTooLate ? (
        <>
          <Button
            icon={<PushpinOutlined />}
            aria-pressed={choices.laying}
            onClick={() => onChange((now) => ({ ...now, laying: !now.laying, following: false }))}
          >
            {t(choices.laying ? 'sealing.layStop' : 'sealing.lay')}
          </Button>
          {choices.slots.map((slot, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a field is its number while its name is typed
            <div key={index} className="sealing-slot">
              <Input
                value={slot.name}
                maxLength={60}
                aria-label={t('sealing.slotName')}
                onChange={(event) => rename(index, event.target.value)}
              />
              <span className="quiet">{t('sealing.slotOnPage', { page: slot.page })}</span>
              <Button
                icon={<CloseOutlined />}
                aria-label={t('sealing.removeSlot', { name: slot.name })}
                onClick={() => onChange((now) => ({ ...now, slots: now.slots.filter((_, at) => at !== index) }))}
              />
            </div>
          ))}
        </>
      ) : null}
    </div>
  )
}
