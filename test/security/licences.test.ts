import { globSync, readFileSync } from 'node:fs'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'

interface Package {
  readonly version?: string
  readonly license?: string
  readonly dev?: boolean
  readonly devOptional?: boolean
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const packagesOf = (lockFile: string): Record<string, Package> =>
  JSON.parse(readFileSync(lockFile, 'utf8')).packages
const lock = packagesOf('package-lock.json')

/** Those who deploy or redistribute these have to keep a notice, and nothing else. */
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
  ...['MPL-2.0', 'CC0-1.0', 'CC-BY-4.0', 'PSF-2.0', 'Python-2.0', 'Unlicense'],
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

const bundles = [
  ['Workers', 'src/worker.ts', 'browser'],
  ['Lambda', 'src/lambda.ts', 'node'],
] as const

const licenceOf = (path: string) => (lock[path] as Package).license ?? 'none'

/** docs/licences.md: the direct dependencies one by one, and how many packages there are of each licence. */
async function licencesPage(): Promise<string> {
  const inBundle = new Map<string, string[]>()
  for (const [platform, entry, target] of bundles) {
    for (const path of await bundledPackages(entry, target)) {
      const inLock = path.slice(path.indexOf('node_modules'))
      inBundle.set(inLock, [...(inBundle.get(inLock) ?? []), platform])
    }
  }
  const direct = Object.keys(lock['']?.dependencies ?? {}).map((name) => {
    const path = `node_modules/${name}`
    return [
      `\`${name}\``,
      lock[path]?.version ?? 'not installed',
      licenceOf(path),
      inBundle.get(path)?.join(', ') ?? 'none',
    ]
  })
  const all = runtimePackages()
  const counts = [...new Set(all.map(licenceOf))].sort().map((licence) => {
    const paths = all.filter((path) => licenceOf(path) === licence)
    const bundled = paths.filter((path) => inBundle.has(path)).length
    const few = paths.length <= 5 ? paths.map((path) => `\`${nameOf(path)}\``).sort() : []
    return [licence, String(paths.length), String(bundled), few.join(', ')]
  })
  return `${introduction}

${tableOf(['package', 'version', 'licence', 'in the bundle for'], direct)}

With everything that these bring along, by licence:

${tableOf(['licence', 'packages', 'of them bundled', 'which'], counts)}

${remarks}
`
}

const tableOf = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

const introduction = `# The licences of what is deployed

Written by test/security/licences.test.ts (Vitest's \`-u\`) from package-lock.json and from what esbuild puts into the two
bundles; \`npm test\` fails when it no longer holds. This package itself is under the MIT licence.`

const remarks = `What is bundled is deployed, under permissive licences alone: who redistributes a bundle keeps the notices. \`sentry\`
(FSL-1.1-Apache-2.0, which forbids to compete with it) and \`caniuse-lite\` (CC-BY-4.0) are installed by Sentry's SDK for
its own build plug-ins, which nothing here calls; they are in no bundle. Development tools are used unchanged and never
handed on; their licences are in a list of what is allowed (test/security/licences.test.ts).`

describe('the licences of', () => {
  it('what is deployed are those that docs/licences.md says', async () => {
    await expect(await licencesPage()).toMatchFileSnapshot('../../docs/licences.md')
  })

  it.each(bundles)('everything in the bundle for %s are permissive', async (_, entry, platform) => {
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
    const tools = Object.entries(lock).filter(
      ([path]) => path.includes('node_modules/') && !runtime.has(path),
    )
    expect(tools.length).toBeGreaterThan(100)
    const ofTests = globSync('{test,bench}/**/package-lock.json', {
      exclude: (name) => name.includes('node_modules'),
    }).flatMap((file) => Object.entries(packagesOf(file)).filter(([path]) => path !== ''))
    expect(ofTests.map(([path]) => path)).toContain('node_modules/playwright-core')
    for (const [path, { license }] of [...tools, ...ofTests]) expect(fineForTools, path).toContain(license)
  })
})
