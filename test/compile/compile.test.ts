import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type ExpectedSchema, readObject } from '../../src/checks/migrations/expected-schema.ts'
import { queryVersion } from '../../src/checks/migrations/queries/digest.ts'
import { compileExpectedSchema } from '../../src/compile/compile.ts'
import { hashOf } from '../../src/compile/migrations/migration.ts'
import { below, journalFiles, temporaryFolder, temporaryProject } from './folders.ts'

const readExpected = (path: string): ExpectedSchema => JSON.parse(readFileSync(path, 'utf8'))

const model = `import { integer, pgTable } from 'drizzle-orm/pg-core'
import { name } from './name'
export const a = pgTable(name, { id: integer() })
`
const snapshot = JSON.stringify({
  version: '7',
  tables: { 'public.a': { name: 'a', schema: '', columns: { id: { name: 'id', type: 'integer' } } } },
})

it('compiles a project, and does nothing while nothing has changed', async () => {
  const project = temporaryProject({
    'drizzle.config.ts': `export default { dialect: 'postgresql', schema: './schema', out: './drizzle', migrations: { table: 'applied' } }`,
    'schema/a.ts': model,
    'schema/name.ts': `export const name = 'a'`,
    ...below(
      'drizzle',
      journalFiles({
        '0000_a': `create table a (id int, kind varchar(3) check (kind in ('x', 'y')), day date);
          create table days (day date) partition by range (day);
          create table days_20240101 partition of days for values from ('2024-01-01') to ('2024-01-02');
          grant select on a to reader`,
        '0001_b': 'create schema shop; create view shop.v as select id from a',
      }),
    ),
    'drizzle/meta/0000_snapshot.json': snapshot,
  })
  const steps: string[] = []
  const options = { workingDirectory: project, minServer: 15, onProgress: (step: string) => steps.push(step) }
  const compile = (more: object = {}) => compileExpectedSchema({ ...options, ...more })

  const first = await compile()
  expect(first).toEqual({
    changed: true,
    output: join(project, '.edge-health/expected.json'),
    summary: expect.stringMatching(
      /^2 migrations, 2 tables, schemas public shop, models in sync, \d\.\d kB$/,
    ),
    notes: ['Roles that the migrations mention and do not create, made for the replay: reader.'],
    warnings: ['On Postgres 15 the columns of 1 view are compared, but not the text.'],
  })
  expect(steps).toContain('replaying migration 2 of 2')
  const expected = readExpected(first.output)
  expect(expected).toMatchObject({
    question: queryVersion,
    schemas: ['public', 'shop'],
    partitions: false,
    ledger: { schema: 'drizzle', table: 'applied' },
    layout: '0.31',
    models: { state: 'in_line' },
    migrations: [
      { tag: '0000_a', when: 1_700_000_000_000 },
      {
        tag: '0001_b',
        hash: hashOf('create schema shop; create view shop.v as select id from a').slice(0, 16),
      },
    ],
  })
  expect(expected.parts.map(({ part }) => part).sort()).toEqual([
    '',
    'public.a',
    'public.days',
    'shop.v',
    'shop.v query',
  ])
  // Postgres prints this check differently after a dump and restore: both digests are accepted.
  const a = expected.parts.find(({ part }) => part === 'public.a')
  const check = a?.objects.findIndex((text) => readObject(text).kind === 'constraint') ?? -1
  expect(a?.objectDigests.split(' ')[check]).toMatch(/^[0-9a-f]{11}\/[0-9a-f]{11}$/)
  expect(a?.digests).toHaveLength(2)
  expect(expected.digests).toHaveLength(4)

  const written = readFileSync(first.output, 'utf8')
  expect(await compile()).toEqual({ ...first, changed: false })
  utimesSync(join(project, 'schema/a.ts'), 1, 1)
  expect(await compile()).toMatchObject({ changed: false })

  writeFileSync(join(project, 'schema/name.ts'), `export const name = 'renamed'`)
  const second = await compile()
  expect(second).toMatchObject({
    changed: true,
    warnings: [
      expect.anything(),
      'The models are ahead of the migrations (run `drizzle-kit generate`): public.renamed.',
    ],
  })
  expect(readExpected(first.output).models).toEqual({ state: 'ahead', names: ['public.renamed'] })

  writeFileSync(join(project, 'drizzle/0001_b.sql'), 'create view v as select nothing from a')
  const last = readFileSync(first.output, 'utf8')
  await expect(compile()).rejects.toThrow(/0001_b\.sql cannot be applied: column "nothing" does not exist/)
  expect(readFileSync(first.output, 'utf8')).toBe(last)
  expect(last).not.toBe(written)
  expect(readdirSync(join(project, '.edge-health')).sort()).toEqual(['compile-state.json', 'expected.json'])
})

it('is about the folder alone when nothing but the migrations is named, in the layout of drizzle-kit 1.0', async () => {
  const directory = temporaryFolder({
    'm/20240203040506_a/migration.sql': `create table a (day date) partition by range (day);
      create table a_20240101 partition of a for values from ('2024-01-01') to ('2024-01-02'); comment on table a is 'x'`,
    'm/20240203040507_b/migration.sql': 'create extension postgis',
  })
  const { output, summary, warnings } = await compileExpectedSchema({
    workingDirectory: directory,
    migrations: 'm',
    output: 'build/schema.json',
    skip: 'postgis',
    includePartitions: true,
    compare: ['comment'],
  })
  expect(summary).toMatch(/^2 migrations, 2 tables, schema public, models not compared/)
  expect(warnings).toEqual([
    '--skip left out 1 of 1 statement of 20240203040507_b: what they make is not expected of the database; --ignore PATTERNS accepts it where the check finds it.',
    `The replay has no postgis: what needs it is not compared, and the check says so with the code not_compared. To accept that: --ignore 'extension:postgis'.`,
    'The models are not compared: no models are found: name them with --models FILE, or as `schema` of the drizzle.config.',
  ])
  expect(readExpected(join(directory, 'build/schema.json'))).toMatchObject({
    layout: '1.0',
    partitions: true,
    optionalKinds: ['comment'],
    models: { state: 'not_compared', reason: expect.stringContaining('no models are found') },
    migrations: [
      { name: '20240203040506_a', when: Date.UTC(2024, 1, 3, 4, 5, 6) },
      { name: '20240203040507_b' },
    ],
    parts: expect.arrayContaining([expect.objectContaining({ part: 'public.a_20240101' })]),
  })
  expect(output).toBe(join(directory, 'build/schema.json'))
})

it('writes nothing when it cannot compile', async () => {
  const directory = temporaryFolder({ 'm/meta/_journal.json': '{' })
  await expect(compileExpectedSchema({ workingDirectory: directory, migrations: 'm' })).rejects.toThrow(
    'is not JSON',
  )
  expect(existsSync(join(directory, '.edge-health'))).toBe(false)
})

it('writes the same bytes wherever the project lies, and nothing of what its code says', async () => {
  const secret = 'postgres://user:planted-secret@host/db'
  const models = [
    `throw new Error(import.meta.filename + ' has no ${secret}')`,
    `console.log(import.meta.filename, '${secret}'); process.exit(1)`,
    model,
  ]
  for (const text of models) {
    const project = () =>
      temporaryProject({
        'drizzle.config.json': `{ "dialect": "postgresql", "schema": "a.ts", "out": "drizzle" }`,
        'a.ts': text,
        'name.ts': `export const name = 'a'`,
        ...below(
          'drizzle',
          journalFiles({ '0000_a': 'create table a (id int); create view v as select id from a' }),
        ),
        'drizzle/meta/0000_snapshot.json': snapshot,
      })
    const [one, other] = [project(), project()]
    const compiled = await compileExpectedSchema({ workingDirectory: one })
    const again = await compileExpectedSchema({ workingDirectory: other })
    expect(compiled.warnings.join()).not.toContain('planted-secret')
    expect(compiled.warnings).toHaveLength(text === model ? 0 : 1)
    const written = readFileSync(compiled.output, 'utf8')
    expect(readFileSync(again.output, 'utf8')).toBe(written)
    expect(written).not.toMatch(/planted-secret|health-compile/)
  }
})
