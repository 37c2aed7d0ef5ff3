import type { SealFace, TokenKey } from '../../../../preload/contract/seals.ts'
import { useAct } from '../../../app/client.ts'

/** Where a new seal comes from. */
export type Way = 'file' | 'token' | 'training'

/** What was given so far of a new seal's source. */
export type Source =
  | {
      readonly way: 'file'
      readonly file: { readonly name: string; readonly base64: string } | null
      readonly pin: string
    }
  | { readonly way: 'token'; readonly key: TokenKey | null; readonly pin: string }
  | { readonly way: 'training'; readonly algorithm: 'rsa' | 'ec' | 'sm2'; readonly pin: string }

/** A source of which nothing was given yet. */
export function noSource(way: Way): Source {
  if (way === 'file') return { way, file: null, pin: '' }
  if (way === 'token') return { way, key: null, pin: '' }
  return { way, algorithm: 'rsa', pin: '' }
}

/** The first thing that the desk still needs, in the order of the screen; null where everything is there. */
export function lackOf(source: Source, face: SealFace) {
  if (source.way === 'file' && source.file === null) return 'file'
  if (source.way === 'token' && source.key === null) return 'key'
  if (source.way === 'training' && source.pin.length < 6) return 'pinNew'
  if (source.pin === '') return 'pin'
  return face.organisation.trim() === '' ? 'organisation' : null
}

/** Adds a seal by whichever way; `onAdded` is told its id. */
export function useAddSeal(onAdded: (sealId: string) => void) {
  const file = useAct('seals.add')
  const token = useAct('seals.addToken')
  const training = useAct('seals.makeTraining')
  const then = { onSuccess: ({ sealId }: { readonly sealId: string }) => onAdded(sealId) }
  return {
    isBusy: file.isPending || token.isPending || training.isPending,
    error: file.error ?? token.error ?? training.error,
    run(source: Source, face: SealFace) {
      for (const act of [file, token, training]) act.reset()
      const { pin } = source
      if (source.way === 'file' && source.file !== null) file.mutate({ p12: source.file.base64, pin, face }, then)
      if (source.way === 'token' && source.key !== null) {
        const { library, serial, keyId } = source.key
        token.mutate({ library, serial, keyId, pin, face }, then)
      }
      if (source.way === 'training') training.mutate({ algorithm: source.algorithm, pin, face }, then)
    },
  }
}
