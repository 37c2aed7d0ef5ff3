/** Where the time comes from: injected, so that tests set it and a wrong machine clock is one fact in one place. */
export type Clock = { readonly now: () => Date }

/** The machine's own clock. */
export const systemClock: Clock = { now: () => new Date() }
