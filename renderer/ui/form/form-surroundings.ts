/** What every field of a form knows beside its own schema; handed down as RJSF's form context. */
export type FormSurroundings = {
  /** YYYY-MM-DD in Shanghai. */
  readonly today: string
  /** Names of answers that are still missing and shall be marked, e.g. after 收件 was tried. */
  readonly marked: ReadonlySet<string>
  /** The desk's own words for wrong answers, by path (`/bankAccount`). */
  readonly told: ReadonlyMap<string, string>
  /** The station's village, 12-digit division code. */
  readonly ownDivision: string
}
