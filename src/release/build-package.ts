/**
 * Makes what `npm pack` ships: dist/package with the library and the bin as JavaScript, and the library's types.
 * Node strips no types inside node_modules, so a published bin cannot be TypeScript.
 */
import { execFileSync } from 'node:child_process'
import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BuildOptions, build, type Plugin } from 'esbuild'
import manifest from '../../package.json' with { type: 'json' }

/** The package's exports, each from the file of its name. */
const library = Object.values(manifest.exports).flatMap((target) =>
  typeof target === 'string'
    ? []
    : Object.entries(target).flatMap(([condition, path]) =>
        condition === 'types' ? [] : [`src/${basename(path, '.js')}.ts`],
      ),
)

/** Small enough to be carried along, so that the smoke test runs with nothing else installed. Their licences go with them. */
const bundled = [
  '@ioredis/commands',
  'commander',
  'croner',
  'js-yaml',
  'jsonc-parser',
  'smol-toml',
  'valibot',
  'yocto-spinner',
]

const installed = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })

const shared: BuildOptions = {
  bundle: true,
  splitting: true,
  format: 'esm',
  sourcemap: false,
  // The whole licences are beside the bin.
  legalComments: 'none',
  logLevel: 'warning',
}

/** Every file of the bin lies in one folder, whatever it was cut into: a neighbour's path is then right from each. */
const neighbours: Plugin = {
  name: 'neighbours',
  setup({ onLoad }) {
    onLoad({ filter: /\/src\/.*\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8')
      const neighbour = /new URL\('(?:[^']*\/)?([\w-]+-child)\.ts', import\.meta\.url\)/g
      return { loader: 'ts', contents: text.replace(neighbour, "new URL('./$1.js', import.meta.url)") }
    })
  },
}

process.chdir(fileURLToPath(new URL('../..', import.meta.url)))
rmSync('dist/package', { recursive: true, force: true })

/** Loaded by path, in a process of their own. */
const programs = globSync('src/**/*-child.ts')

await build({
  ...shared,
  entryPoints: library,
  outdir: 'dist/package',
  platform: 'neutral',
  target: 'es2023',
  // Installed beside the package where the function is bundled; the platforms bring their own modules.
  external: [
    ...Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }),
    ...['node:*', 'cloudflare:*'],
  ],
})

await build({
  ...shared,
  entryPoints: ['src/cli/main.ts', ...programs].map((file) => ({
    in: file,
    out: basename(file, '.ts'),
  })),
  outdir: 'dist/package/cli',
  platform: 'node',
  target: 'node20.12',
  external: installed.filter((name) => !bundled.includes(name)),
  // commander is CommonJS and asks for Node's own modules by `require`.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
  plugins: [neighbours],
})

const licences = bundled.map((name) => {
  const [file = ''] = globSync(`node_modules/${name}/{LICENSE,LICENSE.md,license}`)
  return `${name}\n\n${readFileSync(file, 'utf8').trim()}\n`
})
writeFileSync('dist/package/cli/LICENSES.txt', licences.join('\n---\n\n'))

const tsc = fileURLToPath(new URL('bin/tsc', import.meta.resolve('typescript/package.json')))
execFileSync(process.execPath, [tsc, '--project', 'src/release'], { stdio: 'inherit' })
