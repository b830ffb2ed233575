/** What the package exports is documented, each with an example that compiles. */
import { spawnSync } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { blocks, readPage } from './support/documentation.ts'

/** What users import, by its name. */
const entries: Readonly<Record<string, string>> = {
  'edge-health-check': 'src/index.ts',
  'edge-health-check/worker': 'src/worker.ts',
  'edge-health-check/hyperdrive': 'src/hyperdrive.ts',
  'edge-health-check/lambda': 'src/lambda.ts',
  'edge-health-check/node': 'src/node.ts',
}

const sources = [
  'src/core/check.ts',
  ...globSync('src/checks/ready/*.ts'),
  'src/checks/celery/check.ts',
  'src/checks/database.ts',
  'src/checks/migrations/check.ts',
  'src/checks/redis.ts',
  ...globSync('src/clients/adapters/*.ts'),
  'src/clients/interfaces.ts',
  'src/clients/postgres.ts',
  'src/clients/redis.ts',
  'src/application.ts',
  'src/platforms/cloudflare/hyperdrive.ts',
  ...Object.values(entries),
]

/** The docstring above each declaration of these files. */
const docstrings = new Map(
  sources.flatMap((file) =>
    [
      ...readFileSync(file, 'utf8').matchAll(
        /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\nexport (?:type|interface|class|(?:async )?function|const) (\w+)/g,
      ),
    ].map(([, text = '', name = '']) => [name, text.replaceAll(/^ \* ?/gm, '').trim()] as const),
  ),
)

/** The names of the exports, each with the one that it has where it is declared: `CustomCheck as Check`. */
const declaredAs = new Map(
  [...readFileSync('src/exports.ts', 'utf8').matchAll(/^export (?:type )?\{([^}]*)\}/gm)]
    .flatMap(([, list = '']) => list.split(','))
    .map((entry) => entry.trim().replace(/^type /, ''))
    .filter((entry) => entry !== '')
    .map((entry) => {
      const [declared = '', exported = declared] = entry.split(' as ')
      return [exported, declared] as const
    }),
)
const exportedNames = [...declaredAs.keys()]

/** What a file declares and exports, and what it exports from another one. */
const exportsOf = (file: string): string[] =>
  [
    ...readFileSync(file, 'utf8').matchAll(
      /^export (?:(?:async )?function|interface|class|const|type) (?:\{ )?(\w+)/gm,
    ),
  ].map(([, name = '']) => name)

const names = [...exportedNames, 'ApplicationOptions', ...Object.values(entries).flatMap(exportsOf)]

const docstringOf = (name: string) => docstrings.get(declaredAs.get(name) ?? name)
const exampleOf = (name: string) => docstringOf(name)?.split('@example\n')[1]

describe('a public export', () => {
  it('is found by this test', () => {
    expect(exportedNames).toEqual(expect.arrayContaining(['Check', 'CheckError', 'Outcome', 'Result']))
    expect(names).toEqual(
      expect.arrayContaining([
        ...['createHealthCheck', 'createWorker', 'WorkerOptions', 'createHandler'],
        ...['serve', 'ServeOptions', 'HealthServer', 'hyperdrive', 'Hyperdrive'],
      ]),
    )
    const { exports } = JSON.parse(readFileSync('package.json', 'utf8'))
    const importable = Object.keys(exports).filter((name) => name !== './package.json')
    expect(importable.map((name) => join('edge-health-check', name))).toEqual(Object.keys(entries))
  })

  it.each(names)('%s says what it means, with an example', (name) => {
    expect(docstringOf(name)).toMatch(/^[A-Z`][^@]{20,}/)
    expect(exampleOf(name)).toMatch(/\S/)
  })
})

it('the examples compile as they are written', () => {
  const directory = mkdtempSync(join('test', 'examples-'))
  try {
    writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify(compilerOptions()))
    writeFileSync(join(directory, 'examples.ts'), program(names.map((name) => exampleOf(name) ?? '')))
    const { stdout } = spawnSync('npx', ['tsc', '-p', directory], { encoding: 'utf8' })
    expect(stdout).toBe('')
  } finally {
    rmSync(directory, { recursive: true })
  }
})

it('the code in the pages compiles as it is written', () => {
  const directory = mkdtempSync(join('test', 'pages-'))
  try {
    const pages = ['docs/custom-checks.md', 'docs/platforms.md']
    // The check of one's own is compiled as example/mail-check.ts; Deno has types of its own.
    const codes = pages
      .flatMap((page) => blocks(readPage(page), 'ts'))
      .filter((code) => code.includes(" from 'edge-health-check") && !/Deno\.|\.\/mail-check/.test(code))
    expect(codes.length).toBeGreaterThan(7)
    writeFileSync(
      join(directory, 'json.d.ts'),
      "declare module '*.json' { const value: object; export default value }",
    )
    for (const [index, code] of codes.entries()) writeFileSync(join(directory, `page${index}.ts`), code)
    writeFileSync(
      join(directory, 'tsconfig.json'),
      JSON.stringify({ ...compilerOptions(), include: ['*.ts'] }),
    )
    const { stdout } = spawnSync('npx', ['tsc', '-p', directory], { encoding: 'utf8' })
    expect(stdout).toBe('')
  } finally {
    rmSync(directory, { recursive: true })
  }
})

const compilerOptions = () => ({
  extends: '../../tsconfig.json',
  compilerOptions: {
    noUnusedLocals: false,
    paths: Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, [resolve(file)]])),
  },
  include: ['examples.ts'],
})

/** One function for each example, after what they all import and what their applications have. */
function program(examples: readonly string[]): string {
  const isImport = (line: string) => line.startsWith('import ')
  const lines = examples.map((example) => example.split('\n'))
  const imports = new Set(lines.flat().filter((line) => isImport(line) && !line.includes('expected.json')))
  const bodies = lines.map((example, index) => {
    const body = example
      .filter((line) => !isImport(line))
      .map((line) => line.replace(/^export (default )?/, (_all, isDefault) => (isDefault ? 'return ' : '')))
    return `export async function example${index}() {\n${body.join('\n')}\n}`
  })
  return [
    ...imports,
    `import { ${exportedNames.map((name) => (name === 'CheckError' || /^[a-z]/.test(name) ? name : `type ${name}`)).join(', ')} } from 'edge-health-check'`,
    "import type { HealthServer, ServeOptions } from 'edge-health-check/node'",
    "import type { WorkerOptions } from 'edge-health-check/worker'",
    "import type { Hyperdrive } from 'edge-health-check/hyperdrive'",
    `import type { ApplicationOptions } from ${JSON.stringify('../../src/application.ts')}`,
    'declare const response: Response',
    'declare const freeBytes: number',
    'declare const expected: object',
    'declare const url: string',
    'declare const token: string',
    'declare const search: Check',
    ...bodies,
  ].join('\n')
}
