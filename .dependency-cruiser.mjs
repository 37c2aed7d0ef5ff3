// Who may import whom. Run by scripts/check-layers.mjs; tests/unit/layers.test.ts plants violations and sees them refused.

const only = (name, comment, from, to) => ({ name, severity: 'error', comment, from: { path: from }, to })

/** A package that has one owner, installed or not: everybody else goes through that folder. Tests may look at anything. */
const owner = (packageName, ...folders) => ({
  name: `owner-of-${packageName}`,
  severity: 'error',
  comment: `${packageName} is used in ${folders.join(', ')} alone`,
  from: { path: '^(main|central|preload|renderer)/', pathNot: folders.map((folder) => `^${folder}`) },
  to: { path: [`^node_modules/${packageName}/`, `^node_modules/@types/${packageName}/`, `^${packageName}$`] },
})

export const rules = {
  forbidden: [
    only('contract-is-pure', 'the contract imports itself and zod', '^preload/contract/', {
      pathNot: ['^preload/contract/', '^node_modules/zod/'],
    }),
    only('renderer-knows-the-contract', 'the renderer imports nothing of ours but the contract', '^renderer/', {
      path: '^(main|central|tests|scripts|preload)/',
      pathNot: '^preload/contract/',
    }),
    only('preload-knows-the-contract', 'the preload script imports the contract and electron', '^preload/index\\.ts$', {
      pathNot: ['^preload/contract/', '^node_modules/electron/', '^electron$'],
    }),
    only('centre-knows-the-wire', 'the centre imports the contract and the wire', '^central/', {
      path: '^(main|preload|renderer|tests|scripts)/',
      pathNot: ['^preload/contract/', '^main/wire/'],
    }),
    only('wire-knows-the-contract', 'the wire imports the contract', '^main/wire/', {
      path: '^(main|preload|central|renderer|tests|scripts)/',
      pathNot: ['^preload/contract/', '^main/wire/'],
    }),
    only('main-knows-no-window', 'the Node side imports no renderer, no centre, no preload script', '^main/', {
      path: '^(renderer|central|tests|scripts)/|^preload/index\\.ts$',
    }),
    only('ground-knows-no-feature', 'store, pdf and signing import no feature', '^main/(store|pdf|signing)/', {
      path: '^main/(features|desk|shells|cli)/',
    }),
    only('pdf-knows-no-seal-keys', 'pdf imports the contract: signing stands above it', '^main/pdf/', {
      path: '^main/(?!pdf/)',
    }),
    only('signing-knows-pdf', 'signing imports pdf and the contract', '^main/signing/', {
      path: '^main/(?!signing/|pdf/)',
    }),
    only(
      'pdf-reading-knows-no-writing',
      'reading and drawing import none of the other folders of pdf',
      '^main/pdf/(reading|drawing)/',
      {
        path: '^main/pdf/(?!$1/)[^/]+/',
      },
    ),
    only(
      'pdf-changes-and-writing-know-reading',
      'changes and writing import reading alone',
      '^main/pdf/(changes|writing)/',
      {
        path: '^main/pdf/(?!$1/|reading/)[^/]+/',
      },
    ),
    only(
      'standards-know-the-contract',
      'standards are pure rules over the contract and its canonical bytes',
      '^main/standards/',
      {
        path: '^main/(?!standards/|wire/canonical\\.ts$)',
      },
    ),
    only('rendering-knows-no-feature', 'rendering imports pdf, signing and the contract', '^main/rendering/', {
      path: '^main/(?!rendering/|pdf/|signing/)',
    }),
    only('features-by-their-index', 'a feature imports another through its index.ts', '^main/features/([^/]+)/', {
      path: '^main/features/(?!$1/)[^/]+/(?!index\\.ts$)',
    }),
    {
      name: 'electron-in-its-shell',
      severity: 'error',
      comment: 'electron is imported by main/index.ts, main/shells/electron and preload/index.ts alone',
      from: { pathNot: ['^main/index\\.ts$', '^main/shells/electron/', '^preload/index\\.ts$', '^tests/'] },
      to: { path: ['^node_modules/electron/', '^electron$'] },
    },
    owner('better-sqlite3', 'main/store/', 'main/wire/local/folder-lock\\.ts$'),
    owner('pdf-lib', 'main/pdf/'),
    owner('node-forge', 'main/signing/'),
    owner('sm-crypto-v2', 'main/signing/'),
    owner('koffi', 'main/signing/token/'),
    owner('@hyzyla/pdfium', 'main/rendering/'),
    owner('pixelmatch', 'main/rendering/'),
    owner('@jsquash/jpeg', 'main/rendering/'),
    owner('fast-png', 'main/rendering/'),
    owner('dexie', 'renderer/drafts/'),
    owner('tus-js-client', 'main/wire/file-upload\\.ts$', 'main/wire/tus-stack\\.ts$'),
    owner('prom-client', 'central/metrics/'),
    owner('age-encryption', 'main/wire/bundle/keys\\.ts$'),
    owner('@noble/curves', 'main/wire/bundle/keys\\.ts$'),
    owner('@scure/base', 'main/wire/bundle/keys\\.ts$'),
    owner('@tus/server', 'central/files/'),
    owner('@tus/file-store', 'central/files/'),
    owner('@aws-sdk/client-s3', 'central/files/'),
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'modules that need each other are one module, or want a third',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'nothing-imports-tests',
      severity: 'error',
      comment: 'the product does not know its tests',
      from: { pathNot: '^tests/' },
      to: { path: '^tests/' },
    },
    {
      name: 'resolvable',
      severity: 'error',
      comment: 'an import that leads nowhere is seen by no other rule',
      // Peers of the bench have a package.json of their own, installed when that bench runs.
      from: { pathNot: '^tests/bench/peers/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    preserveSymlinks: true,
    moduleSystems: ['es6', 'cjs'],
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'node', 'require', 'default'],
      mainFields: ['module', 'main', 'types', 'typings'],
    },
  },
}
