import { LeftOutlined, RightOutlined } from '@ant-design/icons'
import { Button, InputNumber } from 'antd'
import { useTranslation } from 'react-i18next'

/** From so many pages on a page can be named by its number: turning there takes too long. */
const manyPages = 10

type Props = { readonly page: number; readonly pages: number; readonly onTurn: (page: number) => void }

/** Turns the pages of a paper one by one, and to any page of a long one. */
export function PageTurner(props: Props) {
  const { t } = useTranslation()
  const { page, pages, onTurn } = props
  return (
    <>
      <Button
        icon={<LeftOutlined />}
        aria-label={t('sealing.previousPage')}
        title={t('sealing.previousPage')}
        disabled={page <= 1}
        onClick={() => onTurn(page - 1)}
      />
      {pages < manyPages ? (
        <span className="number" role="status" aria-label={t('sealing.page', { page, pages })}>
          {page} / {pages}
        </span>
      ) : (
        <PageNumber {...props} />
      )}
      <Button
        icon={<RightOutlined />}
        aria-label={t('sealing.nextPage')}
        title={t('sealing.nextPage')}
        disabled={page >= pages}
        onClick={() => onTurn(page + 1)}
      />
    </>
  )
}

/** The page's number, to type another over it: Enter goes there. */
function PageNumber({ page, pages, onTurn }: Props) {
  const { t } = useTranslation()
  return (
    <span className="number">
      <InputNumber
        className="page-number"
        aria-label={t('sealing.goToPage', { pages })}
        title={t('sealing.goToPage', { pages })}
        controls={false}
        changeOnWheel={false}
        min={1}
        max={pages}
        precision={0}
        changeOnBlur
        value={page}
        onFocus={(event) => event.target.select()}
        onChange={(typed) => typed !== null && onTurn(typed)}
      />{' '}
      / {pages}
    </span>
  )
}
