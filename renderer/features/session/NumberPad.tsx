import { Button } from 'antd'
import { useTranslation } from 'react-i18next'

const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const

/** Large keys for a touch screen or a mouse; the keyboard does the same, so they are not in the Tab order. */
export function NumberPad(props: {
  readonly onDigit: (digit: string) => void
  readonly onErase: () => void
  readonly onClear: () => void
}) {
  const { t } = useTranslation()
  const digitKey = (digit: string) => (
    <Button key={digit} tabIndex={-1} aria-label={t('login.digit', { digit })} onClick={() => props.onDigit(digit)}>
      {digit}
    </Button>
  )
  return (
    <fieldset className="pad">
      <legend className="visually-hidden">{t('login.pad')}</legend>
      {digits.map(digitKey)}
      <Button tabIndex={-1} onClick={props.onClear}>
        {t('login.clear')}
      </Button>
      {digitKey('0')}
      <Button tabIndex={-1} onClick={props.onErase}>
        {t('login.erase')}
      </Button>
    </fieldset>
  )
}
