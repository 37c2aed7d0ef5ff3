let given: readonly File[] = []

/** Hands files that were chosen or dropped on the list to the screen that looks at them. */
export function giveFiles(files: readonly File[]): void {
  given = files
}

/** The files that were handed over, once. */
export function takeGivenFiles(): readonly File[] {
  const files = given
  given = []
  return files
}
