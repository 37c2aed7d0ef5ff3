/**
 * Owns: the order of the page's start: first the validator is told to compile no code, then everything else is loaded.
 * Does not own: what the window shows (app/start.tsx, app/App.tsx).
 * Start here: app/start.tsx.
 */
import './app/jitless.ts'

// A static import may be evaluated first once it is bundled: schemas would then be declared too early.
const { start } = await import('./app/start.tsx')
start()
