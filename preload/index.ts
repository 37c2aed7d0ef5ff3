// Owns: the bridge that the page sees as window.cunchuang in Electron. The only user of ipcRenderer.
// Does not own: what the calls mean (contract/api.ts) or who may make them (main/shells/electron/calls.ts).
// Start here: `bridge`.
import { contextBridge, ipcRenderer } from 'electron'
import type { Bridge } from './contract/bridge.ts'
import type { EventMessage, EventName, Events } from './contract/events.ts'

/** `feature.call`: anything else is no channel of ours. The main process answers the contract's names alone. */
const callName = /^[a-z]+\.[a-zA-Z]+$/

const bridge: Bridge = {
  shell: 'electron',
  bytesBase: 'app://cunchuang/bytes',
  call: async (name, input) => {
    if (!callName.test(name)) throw new TypeError('not a call')
    return await ipcRenderer.invoke(`cunchuang:call:${name}`, input)
  },
  on: <N extends EventName>(name: N, listener: (payload: Events[N]) => void) => {
    const take = (_event: unknown, message: EventMessage) => {
      if (message.event === name) listener(message.payload as Events[N])
    }
    ipcRenderer.on('cunchuang:event', take)
    return () => {
      ipcRenderer.removeListener('cunchuang:event', take)
    }
  },
}

contextBridge.exposeInMainWorld('cunchuang', bridge)
