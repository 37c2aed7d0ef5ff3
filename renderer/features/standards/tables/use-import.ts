import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { Failure } from '../../../../preload/contract/errors.ts'
import type { TableImport, TableProgress } from '../../../../preload/contract/standards/tables.ts'
import { CallFailure, callDesk, callKey, useBridge, useCall } from '../../../app/client.ts'
import { putTables } from '../../../app/upload.ts'
import { takeGivenFiles } from './given-files.ts'

/** How far the files are: on their way to the desk, or being read there. `share` is 0 to 1. */
export type ImportStep = TableProgress & { readonly kind: 'sending' | 'reading' }

/** A file that did not get as far as being read. */
export type NotSent = { readonly name: string; readonly failure: Failure }

/** What the desk holds of the files that were brought, and what happens to them. */
export type Importing = {
  readonly found: TableImport | null
  readonly step: ImportStep | null
  readonly notSent: readonly NotSent[]
  readonly error: unknown
  /** The desk has lost what was looked at: it was started again. */
  readonly isLost: boolean
  readonly add: (files: readonly File[]) => void
  /** Ends what is under way and lets go of all files. */
  readonly drop: () => Promise<void>
}

const key = callKey('standards.tables', {})

/** Sends files to the desk, one after the other, and has them read together with those that are there. */
export function useImport(): Importing {
  const bridge = useBridge()
  const queries = useQueryClient()
  const held = useCall('standards.tables', {})
  const [step, setStep] = useState<ImportStep | null>(null)
  const [notSent, setNotSent] = useState<readonly NotSent[]>([])
  const [error, setError] = useState<unknown>(null)
  const ending = useRef(new AbortController())
  const hadFound = useRef(false)
  const found = held.data?.found ?? null
  if (found !== null) hadFound.current = true

  const add = useCallback(
    async (files: readonly File[]) => {
      ending.current.abort()
      ending.current = new AbortController()
      const { signal } = ending.current
      setError(null)
      const names = new Set(files.map(({ name }) => name))
      const failed: NotSent[] = []
      for (const [at, file] of files.entries()) {
        const progress = (share: number) =>
          setStep({ kind: 'sending', file: file.name, share: (at + share) / files.length })
        progress(0)
        const reply = await putTables(file, { bytesBase: bridge.bytesBase, progress, signal })
        if (signal.aborted) return
        if (!reply.ok) failed.push({ name: file.name, failure: reply.error })
      }
      setNotSent((before) => [...before.filter(({ name }) => !names.has(name)), ...failed])
      if (failed.length < files.length) {
        setStep({ kind: 'reading', file: '', share: 0 })
        try {
          const read = await callDesk(bridge, 'standards.readTables', {})
          if (!signal.aborted) queries.setQueryData(key, read)
        } catch (failure) {
          if (!signal.aborted) setError(failure)
        }
      }
      if (!signal.aborted) setStep(null)
    },
    [bridge, queries],
  )
  useEffect(() => {
    const files = takeGivenFiles()
    if (files.length > 0) void add(files)
  }, [add])
  useEffect(
    () =>
      bridge.on('tables', (progress) =>
        setStep((before) => (before?.kind === 'reading' ? { kind: 'reading', ...progress } : before)),
      ),
    [bridge],
  )
  useEffect(() => () => ending.current.abort(), [])
  const drop = async () => {
    ending.current.abort()
    hadFound.current = false
    setStep(null)
    setNotSent([])
    setError(null)
    const dropped = await bridge.call('standards.dropTables', {})
    if (!dropped.ok) setError(new CallFailure(dropped.error))
    queries.setQueryData(key, { found: null })
  }
  const isLost = hadFound.current && held.data !== undefined && found === null && step === null
  return { found, step, notSent, error: error ?? held.error, isLost, add: (files) => void add(files), drop }
}
