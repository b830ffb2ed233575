/** Whether the imports and the files of `src` are as docs/architecture.md and CONTRIBUTING.md say. */
import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'

interface Import {
  readonly from: string
  /** A path below `src`, or the name of a package. */
  readonly to: string
  /** Erased before it runs. */
  readonly isType: boolean
}

/** `import … from`, `export … from`, a bare `import '…'` and `import('…')`, as they are written here. */
const importPattern =
  /(?:^|\n)\s*(?:import|export)\s+(?:(?<what>[^'";]*?)from\s+)?'(?<static>[^'$]+)'|import\('(?<dynamic>[^']+)'\)/g

/** Whether all that is imported are types: `type { A, B }` or `{ type A, type B }`. */
function areTypes(what: string): boolean {
  if (/^type\s/.test(what)) return true
  const names =
    /^\{([^}]*)\}\s*$/
      .exec(what)?.[1]
      ?.split(',')
      .map((name) => name.trim()) ?? []
  return names.length > 0 && names.every((name) => name === '' || name.startsWith('type '))
}

const files = globSync('src/**/*.ts')
const imports: readonly Import[] = files.flatMap((from) =>
  [...readFileSync(from, 'utf8').matchAll(importPattern)].map(({ groups = {} }): Import => {
    const name = groups['static'] ?? groups['dynamic'] ?? ''
    const to = name.startsWith('.') ? join(dirname(from), name) : name
    return { from, to, isType: areTypes(groups['what'] ?? '') }
  }),
)

/** `core` of `src/core/run.ts`; the name of the file for what lies in `src` itself. */
const roomOf = (path: string) => path.split('/')[1] ?? path
const isOurs = (path: string) => path.startsWith('src/')
const arrow = ({ from, to }: Import) => `${from} -> ${to}`

/** What runs in the function. */
const runTime = ['core', 'http', 'checks', 'clients', 'config', 'notify', 'platforms', 'store', 'history']
/** What runs on the machine of a developer or of a build. */
const buildTime = ['compile', 'gate', 'cli', 'dev', 'release']
const isBuildTime = (path: string) => isOurs(path) && buildTime.includes(roomOf(path))

/** Arrows from one room that lead to where they must not. */
const forbidden = (room: string, isForbidden: (to: string) => boolean): string[] =>
  imports.filter(({ from, to }) => roomOf(from) === room && isForbidden(to)).map(arrow)

describe('the imports of src', () => {
  it('are read as they are written', () => {
    expect(files.length).toBeGreaterThan(200)
    expect(imports.map(arrow)).toContain('src/worker.ts -> src/health-check.ts')
    expect(imports.map(arrow)).toContain(
      'src/platforms/cloudflare/platform.ts -> src/platforms/cloudflare/sentry.ts',
    )
    const resolved = imports.filter(({ to }) => isOurs(to)).map(({ to }) => to)
    expect(resolved.filter((path) => !files.includes(path))).toEqual([])
  })

  it('make no circle: where types alone lead back, nothing runs in a circle', () => {
    const next = (from: string) =>
      imports.filter((each) => each.from === from && !each.isType && isOurs(each.to)).map(({ to }) => to)
    const circles: string[] = []
    const done = new Set<string>()
    const visit = (file: string, way: readonly string[]) => {
      if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file].join(' -> '))
      if (done.has(file) || way.includes(file)) return
      for (const to of next(file)) visit(to, [...way, file])
      done.add(file)
    }
    for (const file of files) visit(file, [])
    expect(circles).toEqual([])
  })

  it('never lead from what runs in the function to what builds it', () => {
    const entries = files.filter((file) => file.split('/').length === 2)
    const inFunction = ({ from }: Import) => runTime.includes(roomOf(from)) || entries.includes(from)
    expect(imports.filter((each) => inFunction(each) && isBuildTime(each.to)).map(arrow)).toEqual([])
  })

  it('lie in rooms that are known here', () => {
    const rooms = new Set(files.filter((file) => file.split('/').length > 2).map(roomOf))
    expect([...rooms].toSorted()).toEqual([...runTime, ...buildTime].toSorted())
  })
})

describe('the sources', () => {
  /** Without comments. */
  const code = (file: string) =>
    readFileSync(file, 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '')
  /** `export { A as B }` renames and casts nothing. */
  const withoutNames = (text: string) => text.replaceAll(/^(?:import|export)(?: type)? \{[^}]*\}/gm, '')
  const casts = files.flatMap((file) =>
    [
      ...withoutNames(code(file)).matchAll(
        / as (?:unknown|never|any|object|string|number|keyof|typeof|[A-Z](?:[a-z]|\b)|[{[])[^\n]*/g,
      ),
    ].map(([text]) => file + text),
  )

  it('have fewer than 25 casts, and none to never', () => {
    expect(casts.length, casts.join('\n')).toBeLessThan(25)
    expect(casts.filter((text) => /as never/.test(text))).toEqual([])
  })
})

describe('the files of src', () => {
  // Biome counts the lines of functions.
  const lines = files
    .map((file) => ({ file, count: readFileSync(file, 'utf8').trimEnd().split('\n').length }))
    .toSorted((one, other) => one.count - other.count)

  it('have at most 250 lines', () => {
    expect(lines.filter(({ count }) => count > 250)).toEqual([])
  })

  it('have at most 70 lines in the median', () => {
    expect(lines[Math.floor(lines.length / 2)]?.count).toBeLessThanOrEqual(70)
  })
})

describe('a room of the function', () => {
  it('core knows no other room, no platform, no SDK and no driver', () => {
    expect(forbidden('core', (to) => !to.startsWith('src/core/'))).toEqual([])
  })

  it('config knows neither checks nor notifiers', () => {
    expect(forbidden('config', (to) => /^src\/(checks|notify|platforms|http)\//.test(to))).toEqual([])
  })

  it('checks know no platform, no notifier, no configuration and nothing of HTTP answers', () => {
    expect(forbidden('checks', (to) => /^src\/(platforms|notify|config|http)\//.test(to))).toEqual([])
  })

  it('clients know nothing but core', () => {
    expect(forbidden('clients', (to) => isOurs(to) && !/^src\/(clients|core)\//.test(to))).toEqual([])
  })

  it('http and notify know no check, no configuration of others and no platform', () => {
    expect(forbidden('http', (to) => isOurs(to) && !/^src\/(http|core|history)\//.test(to))).toEqual([])
    expect(forbidden('notify', (to) => /^src\/(checks|platforms|http)\//.test(to))).toEqual([])
  })

  it('store knows nothing but core and history: it is given the client that it asks with', () => {
    expect(forbidden('store', (to) => isOurs(to) && !/^src\/(store|core|history)\//.test(to))).toEqual([])
  })

  it('history knows nothing but core', () => {
    expect(forbidden('history', (to) => isOurs(to) && !/^src\/(history|core)\//.test(to))).toEqual([])
  })

  it('checks, http and core/run know nothing of the store', () => {
    const knowing = imports.filter(
      ({ to }) => to.startsWith('src/store/') || to.includes('cache/shared-results'),
    )
    const from = new Set(knowing.map((each) => each.from).filter((file) => !file.startsWith('src/store/')))
    expect([...from].toSorted()).toEqual([
      'src/configured-store.ts',
      'src/core/cache/cache.ts',
      'src/core/cache/refresh-shared.ts',
    ])
  })

  it('only platforms and the entries know where it runs', () => {
    const platformPackage = /^(cloudflare:|hono\/aws-lambda|@sentry\/(node|cloudflare)$)/
    const knowing = imports.filter(
      ({ from, to, isType }) => !isType && platformPackage.test(to) && !isBuildTime(from),
    )
    expect(knowing.filter(({ from }) => roomOf(from) !== 'platforms').map(arrow)).toEqual([])
  })
})
