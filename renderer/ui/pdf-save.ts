/** Hands a PDF out as a file. */
export const savePdf = (bytes: BlobPart, name: string): void =>
  saveFile(new Blob([bytes], { type: 'application/pdf' }), name)

/** Hands bytes out as a file: the browser's own way of saving asks where, or puts it under 下载. */
export function saveFile(bytes: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(bytes)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

/** A folder that the person chose: `showDirectoryPicker` of the File System Access API, which TypeScript's DOM does not name. */
type FolderPicker = (options: { readonly mode: 'readwrite' }) => Promise<FileSystemDirectoryHandle>

/** Whether files can be put into a folder that the person chooses; else each one is saved by itself. */
export const canChooseFolder = (): boolean => 'showDirectoryPicker' in window

/** Asks for a folder; null where the person thought better of it. */
export async function chooseFolder(): Promise<FileSystemDirectoryHandle | null> {
  try {
    const { showDirectoryPicker } = window as unknown as { showDirectoryPicker: FolderPicker }
    return await showDirectoryPicker({ mode: 'readwrite' })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null
    throw error
  }
}

/** Writes a file into a folder under a name that is still free there: `证明.pdf`, `证明 (2).pdf`, … */
export async function saveInto(folder: FileSystemDirectoryHandle, bytes: BlobPart, name: string): Promise<void> {
  const file = await folder.getFileHandle(await freeName(folder, name), { create: true })
  const stream = await file.createWritable()
  await stream.write(new Blob([bytes]))
  await stream.close()
}

async function freeName(folder: FileSystemDirectoryHandle, name: string): Promise<string> {
  const stem = name.replace(/\.pdf$/i, '')
  for (let number = 1; ; number += 1) {
    const tried = number === 1 ? `${stem}.pdf` : `${stem} (${number}).pdf`
    if (!(await exists(folder, tried))) return tried
  }
}

async function exists(folder: FileSystemDirectoryHandle, name: string): Promise<boolean> {
  try {
    await folder.getFileHandle(name)
    return true
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError') return false
    throw error
  }
}

/** A title as a PDF's name: without the signs that Windows forbids in one. */
export const fileNameOf = (title: string): string => `${allowedName(title)}.pdf`

/** A name without the signs that Windows forbids in one. */
export const allowedName = (name: string): string => name.replace(/[\\/:*?"<>|\p{Cc}]/gu, '_').replace(/[. ]+$/u, '')
