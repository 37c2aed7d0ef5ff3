// Sets Electron's fuses in a packed program, before it is signed (electron-builder's afterPack).
// https://www.electronjs.org/docs/latest/tutorial/fuses
import { join } from 'node:path'
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses'

/** What may not be done with our program from outside: no plain Node, no debugger, no other code than the archive's. */
export const fuses = {
  [FuseV1Options.RunAsNode]: false,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: false,
  [FuseV1Options.EnableCookieEncryption]: true,
  [FuseV1Options.OnlyLoadAppFromAsar]: true,
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
}

const executables = {
  linux: (name) => name.toLowerCase(),
  win32: (name) => `${name}.exe`,
  darwin: (name) => `${name}.app`,
}

/** Called by electron-builder with each packed program. */
export async function afterPack({ appOutDir, electronPlatformName, packager }) {
  const name = electronPlatformName === 'linux' ? packager.executableName : packager.appInfo.productFilename
  const file = join(appOutDir, (executables[electronPlatformName] ?? executables.linux)(name))
  await flipFuses(file, { version: FuseVersion.V1, strictlyRequireAllFuses: false, ...fuses })
}
