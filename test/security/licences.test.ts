import { readFileSync } from 'node:fs'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'

interface Package {
  readonly license?: string
  readonly dev?: boolean
  readonly devOptional?: boolean
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages as Record<string, Package>

/** Whoever deploys or redistributes these has to keep a notice, and nothing else. */
const permissive = [
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'MIT OR Apache-2.0',
]

/**
 * What Sentry's SDK for Workers installs for its own build plug-ins, which nothing here calls: a command line tool
 * under a licence that forbids to compete with it, and a data file. Neither is in a bundle, which a test proves.
 */
const installedButNotBundled: Readonly<Record<string, string>> = {
  sentry: 'FSL-1.1-Apache-2.0',
  'caniuse-lite': 'CC-BY-4.0',
}

/** Licences of tools, which are used unchanged and never handed on. */
const fineForTools = [
  ...permissive,
  ...['MPL-2.0', 'CC0-1.0', 'CC-BY-4.0', 'PSF-2.0', 'Python-2.0'],
  ...['LGPL-3.0-or-later', 'Apache-2.0 AND LGPL-3.0-or-later', 'Apache-2.0 AND LGPL-3.0-or-later AND MIT'],
]

const nameOf = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)

/** Where a package finds another one: the nearest node_modules that has it. */
function find(from: string, name: string): string | undefined {
  for (let at = from; ; ) {
    const path = `${at === '' ? '' : `${at}/`}node_modules/${name}`
    if (lock[path]) return path
    if (at === '') return undefined
    at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1))
  }
}

/** Everything that `npm install edge-health-check` brings along. */
function runtimePackages(): string[] {
  const seen = new Set<string>()
  const visit = (from: string, { dependencies, optionalDependencies }: Package) => {
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const path = find(from, name)
      if (path === undefined || seen.has(path)) continue
      seen.add(path)
      visit(path, lock[path] as Package)
    }
  }
  visit('', { dependencies: lock['']?.dependencies ?? {} })
  return [...seen]
}

/** Which packages the function is made of. */
async function bundledPackages(entry: string, platform: 'browser' | 'node'): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    splitting: true,
    outdir: 'unused',
    format: 'esm',
    platform,
    conditions: platform === 'browser' ? ['workerd', 'worker', 'browser'] : [],
    external: ['cloudflare:*', 'node:*'],
    logLevel: 'silent',
  })
  const inputs = Object.keys(metafile.inputs).flatMap(
    (path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? [],
  )
  return [...new Set(inputs)]
}

describe('the licences of', () => {
  it.each([
    ['src/worker.ts', 'browser'],
    ['src/lambda.ts', 'node'],
  ] as const)('everything in the bundle of %s are permissive', async (entry, platform) => {
    const packages = await bundledPackages(entry, platform)
    expect(packages.map(nameOf)).toContain('hono')
    for (const path of packages) {
      expect(permissive, path).toContain(lock[path.slice(path.indexOf('node_modules'))]?.license)
      expect(Object.keys(installedButNotBundled)).not.toContain(nameOf(path))
    }
  })

  it('every runtime dependency are permissive, but for what is only installed', () => {
    const packages = runtimePackages()
    expect(packages.length).toBeGreaterThan(5)
    for (const path of packages) {
      const { license } = lock[path] as Package
      const isKnown = license !== undefined && license === installedButNotBundled[nameOf(path)]
      if (!isKnown) expect(permissive, path).toContain(license)
    }
  })

  it('every tool allow its use', () => {
    const runtime = new Set(runtimePackages())
    const tools = Object.entries(lock).filter(([path]) => path !== '' && !runtime.has(path))
    for (const [path, { license }] of tools) expect(fineForTools, path).toContain(license)
  })
})
