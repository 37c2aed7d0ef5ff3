// Owns: the one window and its menu.
// Does not own: what is shown in it, or what it may do (permissions.ts).
// Start here: `makeWindow`.
import { BrowserWindow, Menu } from 'electron'

/** The smallest size in which every screen is usable (SCREENS: 1366 × 768 is what village machines have). */
const smallest = { width: 1024, height: 700 }

/** Makes the window, hidden until its page has something to show. */
export function makeWindow(preloadFile: string): BrowserWindow {
  const window = new BrowserWindow({
    ...{ width: 1366, height: 768, minWidth: smallest.width, minHeight: smallest.height },
    show: false,
    title: '村窗',
    backgroundColor: '#ffffff',
    autoHideMenuBar: true,
    webPreferences: {
      preload: preloadFile,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      spellcheck: false,
    },
  })
  window.once('ready-to-show', () => {
    window.maximize()
    window.show()
  })
  return window
}

/** Edit keys, zoom and print; nothing that opens developer tools or another address. */
export function setMenu(): void {
  const menu = Menu.buildFromTemplate([
    {
      label: '编辑',
      submenu: [
        { role: 'undo', label: '撤销' },
        { role: 'redo', label: '重做' },
        { type: 'separator' },
        { role: 'cut', label: '剪切' },
        { role: 'copy', label: '复制' },
        { role: 'paste', label: '粘贴' },
        { role: 'selectAll', label: '全选' },
      ],
    },
    {
      label: '显示',
      submenu: [
        { role: 'zoomIn', label: '放大' },
        { role: 'zoomOut', label: '缩小' },
        { role: 'resetZoom', label: '原来大小' },
        { role: 'togglefullscreen', label: '全屏' },
      ],
    },
    { label: '退出', submenu: [{ role: 'quit', label: '退出村窗' }] },
  ])
  Menu.setApplicationMenu(menu)
}
