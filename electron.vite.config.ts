import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

const at = (path: string) => resolve(import.meta.dirname, path)
const program = JSON.parse(readFileSync(at('package.json'), 'utf8')) as { version: string }

/** Every program of the Node side; one file of out/main each. */
const programs = {
  index: at('main/index.ts'),
  desk: at('main/desk/process.ts'),
  browser: at('main/shells/browser/index.ts'),
  cli: at('main/cli/index.ts'),
  central: at('central/index.ts'),
}

export default defineConfig({
  main: {
    define: { 'process.env.CUNCHUANG_VERSION': JSON.stringify(program.version) },
    build: {
      outDir: 'out/main',
      target: 'node20.18',
      sourcemap: true,
      minify: false,
      externalizeDeps: true,
      lib: { entry: programs, formats: ['es'] },
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
    plugins: [react()],
    build: {
      outDir: at('out/renderer'),
      emptyOutDir: true,
      target: 'chrome120',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      ...(existsSync(at('renderer/index.html')) ? { rollupOptions: { input: at('renderer/index.html') } } : {}),
    },
  },
})
