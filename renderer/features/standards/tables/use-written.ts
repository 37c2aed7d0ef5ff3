import { useState } from 'react'
import type { ExportWish, WrittenTables } from '../../../../preload/contract/standards/tables.ts'
import { tablesUrl } from '../../../app/bytes.ts'
import { CallFailure, callDesk, useBridge } from '../../../app/client.ts'
import { allowedName, saveFile } from '../../../ui/pdf-save.ts'

/** Has standards written into a file and hands it out; `written` says what became of the last wish. */
export function useWritten() {
  const bridge = useBridge()
  const [isBusy, setBusy] = useState(false)
  const [written, setWritten] = useState<WrittenTables | null>(null)
  const [error, setError] = useState<unknown>(null)
  const write = async (wish: ExportWish) => {
    setBusy(true)
    setError(null)
    setWritten(null)
    try {
      const file = await callDesk(bridge, 'standards.writeTables', wish)
      const answer = await fetch(tablesUrl(bridge, file.fileId))
      if (!answer.ok) throw new CallFailure({ code: 'DESK_RESTARTING', details: {} })
      saveFile(await answer.blob(), allowedName(file.name))
      setWritten(file)
    } catch (failure) {
      setError(failure instanceof CallFailure ? failure : new CallFailure({ code: 'DESK_RESTARTING', details: {} }))
    }
    setBusy(false)
  }
  return { isBusy, written, error, write: (wish: ExportWish) => void write(wish) }
}
