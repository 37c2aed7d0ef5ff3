/**
 * Owns: the page's start. Mounts the window into `<div id="root">`.
 * Does not own: what the window shows (app/, features/), how it reaches the desk (app/bridge.ts).
 * Start here: app/App.tsx.
 */
import './app/jitless.ts'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/App.tsx'
import { connectBridge } from './app/bridge.ts'
import { startMessages } from './messages/index.ts'
import './ui/base.css'

const root = document.getElementById('root')
if (root === null) throw new Error('the page has no #root')

startMessages()
createRoot(root).render(
  <StrictMode>
    <App bridge={connectBridge()} />
  </StrictMode>,
)
