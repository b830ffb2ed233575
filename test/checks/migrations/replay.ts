import { createHash } from 'node:crypto'
import { PGlite } from '@electric-sql/pglite'
import { btree_gist } from '@electric-sql/pglite/contrib/btree_gist'
import { citext } from '@electric-sql/pglite/contrib/citext'
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'
import { pgDump } from '@electric-sql/pglite-tools/pg_dump'
import type {
  ExpectedMigration,
  ExpectedSchema,
  Scope,
} from '../../../src/checks/migrations/expected-schema.ts'
import type { Row, Statement } from '../../../src/clients/postgres.ts'
import { expectedCatalog, readWholeCatalog, type WholeCatalog } from '../../../src/compile/whole-catalog.ts'

/** A set of migrations as the tests write it: roles that exist beforehand, and the text of each file. */
export interface TestMigrations {
  readonly roles: readonly string[]
  readonly files: readonly string[]
  readonly scope?: Partial<Scope>
}

const extensions = { btree_gist, citext, pg_trgm }

/** Whom everything belongs to, as on the real servers of the tests. */
const owner = 'health_owner'

export const createRoles = (roles: readonly string[]) => roles.map((role) => `create role ${role};`).join('')

/** Epoch milliseconds of the file with this index. */
export const whenOf = (index: number) => 1_790_000_000_000 + index * 60_000

export const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')

export function migrationOf(text: string, index: number): ExpectedMigration {
  return {
    tag: `${String(index).padStart(4, '0')}_file`,
    when: whenOf(index),
    hash: hashOf(text).slice(0, 16),
    otherLineEndings: [hashOf(text.replaceAll('\n', '\r\n')).slice(0, 16)],
  }
}

/** The ledger that Drizzle writes while it applies the files. */
export const ledgerSql = (files: readonly string[]) => `
  create schema drizzle;
  create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint);
  ${files.map((text, i) => `insert into drizzle.__drizzle_migrations (hash, created_at) values ('${hashOf(text)}', ${whenOf(i)});`).join('\n')}`

export interface Replayed {
  readonly expected: ExpectedSchema
  /** What pg_dump writes of the replayed database. */
  readonly dump: string
}

/** What the build does: replay, ask, dump, restore, ask again. */
export async function replay(migrations: TestMigrations): Promise<Replayed> {
  const { expected, dump } = await replayAndAsk(migrations, [[]])
  return { expected: expected[0] as ExpectedSchema, dump }
}

/** Without optional kinds, and with all of them. */
export async function replayBoth(migrations: TestMigrations) {
  const all = ['access', 'column order', 'comment', 'grant', 'owner', 'statistics target'] as const
  const { expected } = await replayAndAsk(migrations, [[], all])
  const [without, withInformation] = expected as [ExpectedSchema, ExpectedSchema]
  return { expected: without, withInformation }
}

async function replayAndAsk(
  { roles, files, scope }: TestMigrations,
  kinds: readonly Scope['optionalKinds'][],
) {
  const scopes = kinds.map((optionalKinds): Scope => {
    return { schemas: ['public'], partitions: false, extensions: [], ...scope, optionalKinds }
  })
  const ask = async (database: PGlite) => {
    await database.exec('discard all')
    const catalogs: WholeCatalog[] = []
    for (const each of scopes) catalogs.push(await readWholeCatalog(batchOn(database), each))
    return catalogs
  }
  const database = await PGlite.create({ extensions })
  await database.exec(`create role ${owner} superuser; ${createRoles(roles)} set role ${owner}`)
  for (const text of files) await database.exec(text)
  const made = await ask(database)
  const dump = (await (await pgDump({ pg: database })).text()).replaceAll(/^\\(?:un)?restrict .*$/gm, '')
  await database.close()
  const copy = await PGlite.create({ extensions })
  await copy.exec(`create role ${owner} superuser; ${createRoles(roles)} ${dump}`)
  const restored = await ask(copy)
  await copy.close()
  const expected = scopes.map((each, i) => expectedOf(files, each, made[i], restored[i]))
  return { expected, dump }
}

function expectedOf(
  files: readonly string[],
  scope: Scope,
  made: WholeCatalog | undefined,
  restored: WholeCatalog | undefined,
): ExpectedSchema {
  if (!made) throw new Error('nothing was asked')
  const expected: ExpectedSchema = {
    ...scope,
    ...expectedCatalog(made, restored),
    serverVersion: 180006,
    ledger: { schema: 'drizzle', table: '__drizzle_migrations' },
    layout: '0.31',
    migrations: files.map(migrationOf),
    models: { state: 'in_line' },
  }
  // As it arrives at run time.
  return JSON.parse(JSON.stringify(expected)) as ExpectedSchema
}

const batchOn = (database: PGlite) => (statements: readonly Statement[]) =>
  database.transaction(async (transaction) => {
    const answers: Row[][] = []
    for (const { text, values = [] } of statements)
      answers.push((await transaction.query<Row>(text, [...values])).rows)
    return answers
  })
