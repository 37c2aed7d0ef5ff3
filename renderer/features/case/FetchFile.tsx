import { CloudDownloadOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { FileState } from '../../../preload/contract/sync.ts'
import { useAct } from '../../app/client.ts'
import { ErrorNotice } from '../../ui/ErrorNotice.tsx'
import { FileProgress } from '../../ui/FileProgress.tsx'
import { isFromElsewhere } from '../../ui/file-words.ts'

/** Where a file of another machine's case is, and the way to have it brought; nothing for a file that is here. */
export function FetchFile({ file }: { readonly file: FileState | undefined }) {
  const { t } = useTranslation()
  const fetch = useAct('sync.fetchFile')
  if (file === undefined || !isFromElsewhere(file) || file.state === 'fetched') return null
  const mayAsk = file.state === 'in-centre' || file.state === 'absent'
  return (
    <div className="fetch-file">
      <FileProgress file={file} />
      {mayAsk ? (
        <Button
          icon={<CloudDownloadOutlined />}
          loading={fetch.isPending}
          onClick={() => fetch.mutate({ sha256: file.sha256 })}
        >
          {t(file.state === 'absent' ? 'case.fetchAgain' : 'case.fetch')}
        </Button>
      ) : null}
      <ErrorNotice error={fetch.error} />
    </div>
  )
}
