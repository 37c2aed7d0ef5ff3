import type { FileOffice } from './office.ts'
import { saveFiles } from './office.ts'

/** What `central files` says: as a value for programs, as text for people. */
export type Said = { readonly value: unknown; readonly text: string }

/** Runs `central files 办件编号 [--out 文件夹]`: without a folder it lists. Refuses as `FileOffice`. */
export async function runFilesCommand(office: FileOffice, caseName: string, folder: string | undefined): Promise<Said> {
  if (folder === undefined) {
    const files = await office.files(caseName)
    const lines = files.map((file) =>
      [file.arrivedAtUtc === null ? '未到' : '已到', `${Math.ceil(file.sizeBytes / 1024)} KB`, file.name].join('\t'),
    )
    const here = files.filter(({ arrivedAtUtc }) => arrivedAtUtc !== null).length
    return { value: files, text: [...lines, `${files.length} 个文件，已到 ${here} 个。`].join('\n') }
  }
  const done = await saveFiles(office, caseName, folder)
  const missing = done.missing.length === 0 ? '' : `还没有到的：${done.missing.join('、')}。`
  return { value: done, text: [...done.saved, `存了 ${done.saved.length} 个文件。${missing}`].join('\n') }
}
