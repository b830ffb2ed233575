import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readMigrations } from '../../../src/compile/migrations/read-migrations.ts'
import { judgeModels } from '../../../src/compile/models/judge-models.ts'
import { below, journalFiles, temporaryFolder, temporaryProject } from '../folders.ts'

const orders = `import { pgTable, integer, boolean } from 'drizzle-orm/pg-core'
export const orders = pgTable('orders', { orderId: integer().primaryKey(), paid: boolean().default(false) })
`
const snapshot = JSON.stringify({
  version: '7',
  dialect: 'postgresql',
  tables: {
    'public.orders': {
      name: 'orders',
      schema: '',
      columns: {
        order_id: { name: 'order_id', type: 'integer', primaryKey: true, notNull: true },
        paid: { name: 'paid', type: 'boolean', primaryKey: false, notNull: false, default: false },
      },
    },
  },
})
const migrations = below('drizzle', {
  ...journalFiles({ '0000_a': 'create table orders ()', '0001_custom': 'select 1' }),
  'meta/0000_snapshot.json': snapshot,
})

const judge = (
  files: Record<string, string>,
  models = ['schema.ts'],
  casing: string | undefined = 'snake_case',
) => {
  const project = temporaryProject({ ...migrations, ...files })
  const paths = models.map((file) => join(project, file))
  return judgeModels(paths, casing, readMigrations(join(project, 'drizzle')))
}

describe('models', () => {
  it('are in sync with the newest snapshot that exists, when the newest migration has none', async () => {
    const { verdict, files } = await judge({ 'schema.ts': orders })
    expect(verdict).toEqual({ state: 'in_line' })
    expect(files.map((path) => path.split('/').at(-1))).toEqual([
      'schema.ts',
      '0001_snapshot.json',
      '0000_snapshot.json',
    ])
  })

  it('are ahead by what no migration makes', async () => {
    const schema = `${orders}export const extra = pgTable('extra', { id: integer() })`
    expect((await judge({ 'schema.ts': schema })).verdict).toEqual({
      state: 'ahead',
      names: ['public.extra'],
    })
  })

  it("are named as the project's casing says", async () => {
    expect((await judge({ 'schema.ts': orders }, ['schema.ts'], 'camelCase')).verdict).toEqual({
      state: 'ahead',
      names: ['public.orders.orderId'],
    })
  })

  it('are compared with the snapshot of an older version, brought up to date by drizzle-kit', async () => {
    const old = {
      version: '5',
      dialect: 'pg',
      id: 'a',
      prevId: 'b',
      enums: {},
      schemas: {},
      tables: {
        orders: {
          name: 'orders',
          schema: '',
          columns: {
            order_id: { name: 'order_id', type: 'integer', primaryKey: true, notNull: true },
            paid: { name: 'paid', type: 'boolean', primaryKey: false, notNull: false, default: false },
          },
          indexes: {},
          foreignKeys: {},
          compositePrimaryKeys: {},
          uniqueConstraints: {},
        },
      },
      _meta: { schemas: {}, tables: {}, columns: {} },
    }
    const files = { 'schema.ts': orders, 'drizzle/meta/0000_snapshot.json': JSON.stringify(old) }
    expect((await judge(files)).verdict).toEqual({ state: 'in_line' })
  })

  it('may print, be exported twice, come as CommonJS and import their own files', async () => {
    const files = {
      'package.json': '{}',
      'schema.ts': orders,
      'all.ts': `export * from './schema'\nimport './noise'\nexport const enum Level { low = 1 }`,
      'noise.ts': `console.log('{"not":"an answer"}'); console.error('a warning')`,
    }
    const judged = await judge(files, ['all.ts', 'schema.ts'])
    expect(judged.verdict).toEqual({ state: 'in_line' })
    expect(judged.files.map((path) => path.split('/').at(-1))).toContain('noise.ts')
  })
})

describe('models are not compared, and the reason is said', () => {
  it.each([
    [
      'they throw',
      `throw new Error('DATABASE_URL is required')`,
      'they cannot be loaded: DATABASE_URL is required',
    ],
    [
      'they exit',
      `console.error('no license'); process.exit(3)`,
      'they cannot be loaded: it ended the process with exit code 3 after printing "no license"',
    ],
    [
      'they import what is not installed',
      `import 'nobody-has-this'`,
      /cannot be loaded: Cannot find package 'nobody-has-this'/,
    ],
    [
      'drizzle-kit refuses them',
      `import { index, integer, pgTable } from 'drizzle-orm/pg-core'
       export const a = pgTable('a', { id: integer() }, (t) => [index('twice').on(t.id), index('twice').on(t.id)])`,
      /cannot be loaded: it ended the process with exit code 1 after printing/,
    ],
  ])('when %s', async (_, schema, reason) => {
    expect(await judge({ 'schema.ts': schema })).toMatchObject({
      verdict: { reason: 'they could not be loaded; edge-health compile says why' },
      why: expect.stringMatching(reason),
      lasting: false,
    })
  })

  it('when none are found', async () => {
    expect((await judge({}, [])).verdict).toMatchObject({
      reason: expect.stringContaining('no models are found: name them with --models'),
    })
  })

  it('when no migration has a snapshot', async () => {
    const project = temporaryProject({
      'schema.ts': orders,
      ...below('drizzle', journalFiles({ '0000_a': '' })),
    })
    const meta = join(project, 'drizzle/meta')
    expect(
      await judgeModels([join(project, 'schema.ts')], undefined, readMigrations(join(project, 'drizzle'))),
    ).toEqual({
      verdict: { state: 'not_compared', reason: 'no migration has a snapshot' },
      why: `there is no snapshot in ${meta}`,
      files: [join(meta, '0000_snapshot.json')],
      lasting: true,
    })
  })

  it('when the migrations are of Drizzle 1.0 and drizzle-kit is not', async () => {
    const project = temporaryProject({
      'schema.ts': orders,
      'drizzle/20240203040506_a/migration.sql': '',
      'drizzle/20240203040506_a/snapshot.json': '{}',
    })
    expect(
      await judgeModels([join(project, 'schema.ts')], undefined, readMigrations(join(project, 'drizzle'))),
    ).toMatchObject({
      verdict: {
        state: 'not_compared',
        reason: 'snapshots of Drizzle 1.0 need drizzle-kit 1.0: npm install -D drizzle-kit@rc',
      },
      lasting: false,
    })
  })

  it("when the project's drizzle-kit is one that we do not understand", async () => {
    const directory = temporaryFolder({
      ...migrations,
      'schema.ts': orders,
      'node_modules/drizzle-kit/package.json':
        '{"name":"drizzle-kit","version":"2.0.0","exports":{".":"./index.js"}}',
      'node_modules/drizzle-kit/index.js': '',
    })
    expect(
      await judgeModels(
        [join(directory, 'schema.ts')],
        undefined,
        readMigrations(join(directory, 'drizzle')),
      ),
    ).toMatchObject({
      verdict: { reason: expect.stringContaining('has no drizzle-kit/api') },
      lasting: false,
    })
  })
})

it('stops at a snapshot that is not JSON, which a merge may leave behind', async () => {
  await expect(
    judge({ 'schema.ts': orders, 'drizzle/meta/0001_snapshot.json': '<<<<<<< ours' }),
  ).rejects.toThrow(
    /0001_snapshot\.json is not JSON .*: restore it from version control, or generate its migration again/,
  )
})
