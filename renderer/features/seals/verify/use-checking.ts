import { useCallback, useEffect, useRef, useState } from 'react'
import type { Verification } from '../../../../preload/contract/seals.ts'
import { CallFailure, useBridge, useCall } from '../../../app/client.ts'
import { useHere } from '../../../app/session.ts'
import { putVerification } from '../../../app/upload.ts'
import { keepVerification, keptVerification, takeGiven, watchGiven } from './given.ts'

/** A file on its way to the desk: its name and the share sent, 0 to 1; at 1 the desk is checking. */
export type Sending = { readonly name: string; readonly share: number }

const nobody = '00000000-0000-0000-0000-000000000000'

/** What is checked here: a paper that is kept (`documentId`), or the file that was brought last. */
export function useChecking(documentId: string | null) {
  const { session } = useHere()
  const file = useFileCheck(session.sessionId)
  const kept = useCall(
    'verification.ofDocument',
    { documentId: documentId ?? nobody },
    { enabled: documentId !== null },
  )
  const ofDocument = documentId !== null && file.brought === null ? kept : null
  const verification =
    file.brought ?? ofDocument?.data ?? (documentId === null ? keptVerification(session.sessionId) : null)
  return {
    ...file,
    verification: file.sending === null ? verification : null,
    isReading: ofDocument !== null && ofDocument.data === undefined && ofDocument.error === null,
    error: ofDocument?.error ?? null,
  }
}

function useFileCheck(sessionId: string) {
  const { bytesBase } = useBridge()
  const [sending, setSending] = useState<Sending | null>(null)
  const [brought, setBrought] = useState<Verification | null>(null)
  const [failed, setFailed] = useState<{ readonly name: string; readonly error: CallFailure } | null>(null)
  const ending = useRef(new AbortController())

  const check = useCallback(
    async (file: File) => {
      ending.current.abort()
      ending.current = new AbortController()
      const { signal } = ending.current
      setFailed(null)
      setSending({ name: file.name, share: 0 })
      const progress = (share: number) => setSending({ name: file.name, share })
      const reply = await putVerification(file, { bytesBase, progress, signal })
      if (signal.aborted) return
      setSending(null)
      if (!reply.ok) return setFailed({ name: file.name, error: new CallFailure(reply.error) })
      keepVerification(sessionId, reply.value.verification)
      setBrought(reply.value.verification)
    },
    [bytesBase, sessionId],
  )
  useEffect(() => {
    const take = () => {
      const file = takeGiven()
      if (file !== null) void check(file)
    }
    take()
    return watchGiven(take)
  }, [check])
  useEffect(() => () => ending.current.abort(), [])
  const stop = () => {
    ending.current.abort()
    setSending(null)
  }
  return { sending, brought, failed, check: (file: File) => void check(file), stop }
}
