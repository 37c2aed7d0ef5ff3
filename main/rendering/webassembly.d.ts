// What this folder uses of WebAssembly: neither the language's library nor Node's types declare it without the browser's.
declare namespace WebAssembly {
  type Imports = Record<string, Record<string, unknown>>
  type Exports = Record<string, unknown>
  interface Memory {
    readonly buffer: ArrayBuffer
  }
  interface Table {
    set(index: number, value: unknown): void
  }
  class Module {
    constructor(bytes: Uint8Array)
  }
  function compile(bytes: Uint8Array): Promise<Module>
  class RuntimeError extends Error {}
  class Instance {
    constructor(module: Module, imports?: object)
    readonly exports: Exports
  }
}
