import { execFileSync } from 'node:child_process'
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readMigrations } from '../../../src/compile/migrations/read-migrations.ts'
import { judgeModels } from '../../../src/compile/models/judge-models.ts'
import { temporaryProjectOn1, writeFiles } from '../folders.ts'

/** Models with everything whose text 0.31 and 1.0 write differently. */
const schema = (more = '', columns = '') => `
import { sql, defineRelations } from 'drizzle-orm'
import { check, index, integer, numeric, pgEnum, pgTable, pgView, text, timestamp, unique } from 'drizzle-orm/pg-core'
export const mood = pgEnum('mood', ['ok', 'sad'])
export const people = pgTable('people', { id: integer().primaryKey(), email: text().unique().notNull() })
export const orders = pgTable('orders', {
  id: integer().primaryKey(), person: integer().references(() => people.id), mood: mood().default('ok'),
  total: numeric({ precision: 10, scale: 2 }).default('19'), at: timestamp({ precision: 3, withTimezone: true }).defaultNow(),
  ${columns}
}, (t) => [check('positive', sql\`\${t.total} > 0\`), index('open').on(t.at).where(sql\`\${t.total} is null\`), unique().on(t.person, t.at)])
export const big = pgView('big').as((qb) => qb.select().from(orders).where(sql\`\${orders.total} > 100\`))
export const relations = defineRelations({ people, orders }, (r) => ({ orders: { owner: r.one.people({ from: r.orders.person, to: r.people.id }) } }))
${more}`

function project(text = schema()): string {
  return temporaryProjectOn1({
    'schema.ts': text,
    'drizzle.config.ts': `export default { dialect: 'postgresql', schema: './schema.ts', out: './drizzle' }`,
  })
}

function generate(directory: string): void {
  const bin = join(directory, 'node_modules/drizzle-kit/bin.cjs')
  execFileSync(process.execPath, [bin, 'generate'], { cwd: directory, stdio: 'pipe' })
}

const judge = (directory: string) =>
  judgeModels([join(directory, 'schema.ts')], undefined, readMigrations(join(directory, 'drizzle')))

describe('models on Drizzle 1.0', { timeout: 120_000 }, () => {
  it('are in sync with the changes of all migrations, and ahead by what none of them makes', async () => {
    const directory = project()
    generate(directory)
    expect((await judge(directory)).verdict).toEqual({ state: 'in_line' })
    writeFileSync(join(directory, 'schema.ts'), schema('', 'note: text(),'))
    expect((await judge(directory)).verdict).toEqual({
      state: 'ahead',
      names: ['public.orders.note', 'view public.big'],
    })
    generate(directory)
    // A migration written by hand has no snapshot.
    writeFiles(directory, { 'drizzle/20990101000000_custom/migration.sql': 'select 1' })
    expect((await judge(directory)).verdict).toEqual({ state: 'in_line' })
    const more = `export const late = pgTable('late', { id: integer() }, (t) => [index('late_id').on(t.id)])`
    writeFileSync(join(directory, 'schema.ts'), schema(more, 'note: text(),'))
    const judged = await judge(directory)
    expect(judged.verdict).toEqual({ state: 'ahead', names: ['public.late'] })
    expect(judged.files.map((path) => path.split('/').slice(-2).join('/'))).toContain(
      '20990101000000_custom/snapshot.json',
    )
  })

  it('are in sync with the branches of a folder that are not merged', async () => {
    const directory = project()
    generate(directory)
    const [base] = readdirSync(join(directory, 'drizzle'))
    writeFileSync(join(directory, 'schema.ts'), schema('', 'note: text(),'))
    generate(directory)
    const [one] = readdirSync(join(directory, 'drizzle')).filter((name) => name !== base)
    // What a colleague generated from the same base.
    const other = project(schema(`export const late = pgTable('late', { id: integer() })`))
    execFileSync('cp', ['-r', join(directory, 'drizzle'), other])
    rmSync(join(other, 'drizzle', String(one)), { recursive: true })
    generate(other)
    execFileSync('cp', ['-rn', `${other}/drizzle/.`, join(directory, 'drizzle')])
    writeFileSync(
      join(directory, 'schema.ts'),
      schema(`export const late = pgTable('late', { id: integer() })`, 'note: text(),'),
    )
    expect((await judge(directory)).verdict).toEqual({ state: 'in_line' })
  })

  it('are compared with snapshots that 0.31 wrote, and with whole ones of version 8', async () => {
    const old = {
      version: '7',
      dialect: 'postgresql',
      id: '11111111-1111-4111-8111-111111111111',
      prevId: '00000000-0000-0000-0000-000000000000',
      tables: {
        'public.a': {
          name: 'a',
          schema: '',
          columns: {
            id: { name: 'id', type: 'integer', primaryKey: true, notNull: true },
            at: { name: 'at', type: 'timestamp (3) with time zone', primaryKey: false, notNull: false },
            price: {
              name: 'price',
              type: 'numeric(10, 2)',
              primaryKey: false,
              notNull: false,
              default: "'19'",
            },
          },
          indexes: {},
          foreignKeys: {
            a_id_a_id_fk: {
              name: 'a_id_a_id_fk',
              tableFrom: 'a',
              tableTo: 'a',
              columnsFrom: ['id'],
              columnsTo: ['id'],
              onDelete: 'no action',
              onUpdate: 'no action',
            },
          },
          compositePrimaryKeys: {},
          uniqueConstraints: {},
          policies: {},
          checkConstraints: { positive: { name: 'positive', value: '"a"."price" > 0' } },
          isRLSEnabled: false,
        },
      },
      enums: {},
      schemas: {},
      sequences: {},
      roles: {},
      policies: {},
      views: {},
      _meta: { columns: {}, schemas: {}, tables: {} },
    }
    const model = `import { sql } from 'drizzle-orm'
      import { check, integer, numeric, pgTable, timestamp } from 'drizzle-orm/pg-core'
      export const a = pgTable('a', { id: integer().primaryKey().references(() => a.id), at: timestamp({ precision: 3, withTimezone: true }),
        price: numeric({ precision: 10, scale: 2 }).default('19') }, (t) => [check('positive', sql\`\${t.price} > 0\`)])`
    const journal = project(model)
    writeFiles(journal, {
      'drizzle/meta/_journal.json': JSON.stringify({ entries: [{ tag: '0000_a', when: 1 }] }),
      'drizzle/0000_a.sql': 'select 1',
      'drizzle/meta/0000_snapshot.json': JSON.stringify(old),
    })
    expect((await judge(journal)).verdict).toEqual({ state: 'in_line' })
    writeFileSync(join(journal, 'schema.ts'), model.replace('at:', 'renamed:'))
    expect((await judge(journal)).verdict).toEqual({ state: 'ahead', names: ['public.a.renamed'] })

    const { api } = { api: join(journal, 'node_modules/drizzle-kit/api-postgres.js') }
    const { up } = await import(api)
    const folders = project(model)
    writeFiles(folders, {
      'drizzle/20240101000000_a/migration.sql': 'select 1',
      'drizzle/20240101000000_a/snapshot.json': JSON.stringify({
        ...up(old).snapshot,
        version: '8',
        renames: [],
      }),
      // Of the same second.
      'drizzle/20240101000000_b/migration.sql': 'select 1',
    })
    expect((await judge(folders)).verdict).toEqual({ state: 'in_line' })
  })
})
