import { createContext, useContext } from 'react'
import type { Session, StationStatus } from '../../preload/contract/views.ts'

/** Who works at which station: known to every screen behind the login. */
export type Here = { readonly session: Session; readonly station: StationStatus }

const HereContext = createContext<Here | null>(null)

/** Gives the session and the station to every screen. */
export const HereProvider = HereContext.Provider

/** The session and the station. Throws outside of the login, which is a bug. */
export function useHere(): Here {
  const here = useContext(HereContext)
  if (here === null) throw new Error('no session above this component')
  return here
}
