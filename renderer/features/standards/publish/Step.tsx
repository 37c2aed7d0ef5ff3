import { CheckCircleFilled } from '@ant-design/icons'
import type { ReactNode } from 'react'
import type { PublishForm } from './wish.ts'

/** What each of the three steps is given. */
export type StepProps = {
  readonly form: PublishForm
  /** The step that is to be answered now. */
  readonly now: 1 | 2 | 3
  readonly onChange: (part: Partial<PublishForm>) => void
}

/** One of the three steps: its number, ticked once it is answered, and what is asked. */
export function Step({
  number,
  now,
  title,
  children,
}: {
  readonly number: 1 | 2 | 3
  readonly now: 1 | 2 | 3
  readonly title: string
  readonly children: ReactNode
}) {
  return (
    <li
      className={`panel publish-step ${number === now ? 'publish-step-now' : ''}`}
      aria-current={number === now ? 'step' : undefined}
    >
      <h2>
        <span className="publish-number" aria-hidden="true">
          {number < now ? <CheckCircleFilled /> : number}
        </span>
        {title}
      </h2>
      {children}
    </li>
  )
}
