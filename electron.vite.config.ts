import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'
import type { Plugin } from 'vite'

const at = (path: string) => resolve(import.meta.dirname, path)
const program = JSON.parse(readFileSync(at('package.json'), 'utf8')) as { version: string }

/** Every program of the Node side; one file of out/main each. */
const programs = {
  index: at('main/index.ts'),
  desk: at('main/desk/process.ts'),
  browser: at('main/shells/browser/index.ts'),
  cli: at('main/cli/index.ts'),
  central: at('central/index.ts'),
  // A worker thread, found by its name beside whoever starts it.
  'rendering-worker': at('main/rendering/worker.ts'),
}

/**
 * Libraries of plain JavaScript, built in: a start then reads a dozen files in place of hundreds, which a slow disk feels most.
 * What looks for files of its own (fonts, WebAssembly, native code) stays in node_modules.
 */
const builtIn = [
  ...['zod', 'fastify', '@fastify/swagger', 'pg', '@tus/server', '@tus/file-store', 'tus-js-client', 'prom-client'],
  ...['@noble/curves', '@scure/base', 'age-encryption', 'canonicalize', 'pinyin-pro', '@cfworker/json-schema'],
]

/** What pdf.js reads by name while it draws: CJK character maps, the standard fonts, image decoders that need no WebAssembly. */
const pdfAssets = (): Plugin => ({
  name: 'pdf-assets',
  generateBundle() {
    const wanted = { cmaps: /\.bcmap$/, standard_fonts: /\.(pfb|ttf)$/, wasm: /_nowasm_fallback\.js$/ }
    for (const [folder, pattern] of Object.entries(wanted)) {
      const from = at(`node_modules/pdfjs-dist/${folder}`)
      for (const name of readdirSync(from).filter((file) => pattern.test(file)))
        this.emitFile({ type: 'asset', fileName: `pdfjs/${folder}/${name}`, source: readFileSync(`${from}/${name}`) })
    }
  },
})

/** An empty database as PGlite makes it, made while the rest is built: a first start unpacks it in a fraction of that time. */
const emptyDatabase = (): Plugin => {
  let making: Promise<{ readonly stdout: Buffer }> | undefined
  return {
    name: 'empty-database',
    buildStart() {
      const how = { encoding: 'buffer', maxBuffer: 64 << 20 } as const
      making = promisify(execFile)(process.execPath, [at('scripts/empty-database.mjs')], how)
    },
    async generateBundle() {
      const source = (await making)?.stdout
      if (source !== undefined) this.emitFile({ type: 'asset', fileName: 'empty-database.tar.gz', source })
    },
  }
}

export default defineConfig({
  main: {
    plugins: [emptyDatabase()],
    define: { 'process.env.CUNCHUANG_VERSION': JSON.stringify(program.version) },
    build: {
      outDir: 'out/main',
      target: 'node20.18',
      sourcemap: true,
      minify: false,
      // Optional dependencies too: only dependencies are left out of the bundle by themselves.
      externalizeDeps: { include: ['koffi', '@aws-sdk/client-s3'], exclude: builtIn },
      lib: {
        entry: Object.fromEntries(Object.entries(programs).filter(([, file]) => existsSync(file))),
        formats: ['es'],
      },
      rollupOptions: { output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' } },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      target: 'node20.18',
      minify: false,
      externalizeDeps: false,
      // A sandboxed preload script must be CommonJS.
      lib: { entry: at('preload/index.ts'), formats: ['cjs'] },
      rollupOptions: { output: { entryFileNames: 'index.cjs' } },
    },
  },
  renderer: {
    root: at('renderer'),
    // Relative addresses: the same page is served from app:// and from the loopback server.
    base: './',
    plugins: [react(), pdfAssets()],
    build: {
      outDir: at('out/renderer'),
      emptyOutDir: true,
      target: 'chrome120',
      minify: true,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      rollupOptions: {
        input: at('renderer/index.html'),
        // Only @rjsf/core's own test helper asks for it; it compiles code, which the page's policy forbids.
        external: ['@rjsf/validator-ajv8'],
      },
    },
  },
})
