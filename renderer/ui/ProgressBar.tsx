import './files.css'

/** How much of something is done, as a bar; `share` is 0 to 1. The words beside it say the same. */
export function ProgressBar({ share, label }: { readonly share: number; readonly label: string }) {
  const percent = percentOf(share, 1)
  return (
    <span
      className="progress"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
    >
      <span className="progress-done" style={{ width: `${percent}%` }} />
    </span>
  )
}

/** Whole percent of `all`, rounded down: 100 only once all of it is there. */
export function percentOf(done: number, all: number): number {
  return all <= 0 ? 0 : Math.min(100, Math.max(0, Math.floor((done / all) * 100)))
}
