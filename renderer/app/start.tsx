import '../ui/base.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { startMessages } from '../messages/index.ts'
import { App } from './App.tsx'
import { connectBridge } from './bridge.ts'

/** Mounts the window into `<div id="root">`. */
export function start(): void {
  const root = document.getElementById('root')
  if (root === null) throw new Error('the page has no #root')
  startMessages()
  createRoot(root).render(
    <StrictMode>
      <App bridge={connectBridge()} />
    </StrictMode>,
  )
}
