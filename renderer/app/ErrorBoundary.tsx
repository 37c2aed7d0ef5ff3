import { Component, type ErrorInfo, type ReactNode } from 'react'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'

type Props = { readonly children: ReactNode }
type State = { readonly error: unknown }

/** Where a screen breaks, a sentence and a way to draw it again instead of a white page. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: null }

  static getDerivedStateFromError(error: unknown): State {
    return { error }
  }

  override componentDidCatch(error: unknown, info: ErrorInfo): void {
    console.error(error, info.componentStack)
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children
    return (
      <div className="page">
        <ErrorNotice error={this.state.error} onRetry={() => this.setState({ error: null })} />
      </div>
    )
  }
}
