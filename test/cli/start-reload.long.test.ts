import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createPostgres, type Row } from '../../src/clients/postgres.ts'
import { endProcess, familyOf, freePort, start, until } from '../servers/process.ts'
import { unhurried } from '../support/unhurried.ts'

/**
 * `npm start` on a copy of the example that lies elsewhere: what a developer does to models, migrations and database,
 * and what the check says of it a moment later.
 */

const token = 'a-token-of-this-test'
// Inside of the repository, so that the models find drizzle-orm.
const elsewhere = mkdtempSync(resolve('node_modules/.example-'))
let url: string
let running: ReturnType<typeof start>

beforeAll(async () => {
  cpSync('example', elsewhere, { recursive: true })
  const port = await freePort()
  url = `http://127.0.0.1:${port}/health-check?check=migrations`
  running = start(process.execPath, ['src/cli/main.ts', 'start'], {
    env: {
      ...process.env,
      ...unhurried,
      PORT: String(port),
      DRIZZLE_CONFIG: relative('.', join(elsewhere, 'drizzle.config.ts')),
      HEALTH_TOKEN: token,
      HEALTH_TTL_PASS: '0',
      HEALTH_TTL_FAIL: '0',
    },
  })
  await until('the ready line', () => running.output().includes('Ready in '), 120_000).catch((error) => {
    throw new Error(running.output(), { cause: error })
  })
})
afterAll(async () => {
  if (running) await endProcess(running.child, 'SIGINT')
  rmSync(elsewhere, { recursive: true, force: true })
})

async function migrations(): Promise<{ status: string; code: string; details?: unknown }> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
  const { results } = (await response.json()) as { results: { status: string; code: string }[] }
  return results[0] ?? { status: 'none', code: 'none' }
}

const becomes = (status: string, code: string) =>
  until(
    `${status} ${code}`,
    async () => {
      const result = await migrations()
      return result.status === status && result.code === code ? result : false
    },
    60_000,
  )

/** Changes a file and returns how to put it back. */
function edit(path: string, change: (text: string) => string): () => void {
  const file = join(elsewhere, path)
  const before = readFileSync(file, 'utf8')
  const after = change(before)
  expect(after).not.toBe(before)
  writeFileSync(file, after)
  return () => writeFileSync(file, before)
}

/** The embedded Postgres, by the connection that the Worker was given. */
async function sql(text: string): Promise<Row[]> {
  const variables = familyOf(running.child.pid ?? 0).flatMap((pid) => {
    const file = /--env-file=([^\0]+)/.exec(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))?.[1]
    return file ? [readFileSync(file, 'utf8')] : []
  })[0]
  const value = (name: string) =>
    new RegExp(`^${name}=["'\`]?([^"'\`\\n]+)`, 'm').exec(variables ?? '')?.[1] ?? ''
  const connection = { url: value('DATABASE_URL'), endpoint: value('DATABASE_HTTP_ENDPOINT') }
  return createPostgres(connection, AbortSignal.timeout(60_000)).query({ text })
}

it('passes at first', async () => {
  await becomes('pass', 'ok')
})

it('sees a column in the models that no migration makes, and names it', async () => {
  const restore = edit('schema/venues.ts', (text) =>
    text.replace("pgTable(\n  'venues',\n  {", "pgTable(\n  'venues',\n  {\n    nickname: text(),"),
  )
  expect(JSON.stringify(await becomes('fail', 'models_ahead'))).toContain('public.venues.nickname')
  restore()
  await becomes('pass', 'ok')
})

it('sees an applied migration that was edited: a failure when it makes another schema, a warning when it does not', async () => {
  const reformat = edit('drizzle/0000_program.sql', (text) => `-- reformatted\n${text}`)
  await becomes('warn', 'edited')
  reformat()
  await becomes('pass', 'ok')
  const change = edit('drizzle/0000_program.sql', (text) => text.replace('varchar(', 'varchar(1'))
  await becomes('fail', 'edited')
  change()
  await becomes('pass', 'ok')
})

it.each<[string, (file: string) => void, RegExp]>([
  [
    'broken',
    (file) => writeFileSync(file, 'create tabel planted ();'),
    /^\S+\/0003_billing\.sql cannot be applied: syntax error at or near "tabel"\./,
  ],
  ['deleted', (file) => rmSync(file), /0003_billing/],
])(
  'serves the last build while a migration is %s, and goes on when it is as before',
  async (_, damage, reason) => {
    const file = join(elsewhere, 'drizzle/0003_billing.sql')
    const before = readFileSync(file)
    const printedBefore = running.output().length
    damage(file)
    let sentence: string | undefined
    await until(
      'the reason in the details',
      async () => {
        const { status, code, details } = await migrations()
        expect({ status, code }).toEqual({ status: 'pass', code: 'ok' })
        sentence = (details as { newer_build_failed?: string }).newer_build_failed
        return sentence !== undefined
      },
      60_000,
    )
    expect(sentence).toMatch(reason)
    const lines = running.output().slice(printedBefore).split('\n')
    expect(lines.filter((line) => line.includes('0003_billing'))).toEqual([
      `${sentence} Until it is repaired, everything goes on as before.`,
    ])
    expect(lines.join('\n')).not.toMatch(/\[ERROR\]|Socket/)
    writeFileSync(file, before)
    await until(
      'an answer of the new build',
      async () => !JSON.stringify(await migrations()).includes('newer_build_failed'),
      60_000,
    )
    await becomes('pass', 'ok')
  },
)

it('sees what is done to the database by hand', async () => {
  const [column] = await sql(
    `select table_name, column_name from information_schema.columns where table_schema = 'public' and table_name = 'orders' and column_name not like '%id' limit 1`,
  )
  const [newest] = await sql('select * from drizzle.__drizzle_migrations order by created_at desc limit 1')
  await sql(`delete from drizzle.__drizzle_migrations where id = ${newest?.['id']}`)
  await becomes('fail', 'pending')
  await sql(
    `insert into drizzle.__drizzle_migrations (hash, created_at) values ('${newest?.['hash']}', ${newest?.['created_at']})`,
  )
  await becomes('pass', 'ok')
  await sql('delete from drizzle.__drizzle_migrations where id = 3')
  await becomes('warn', 'out_of_order')
  await sql(`alter table public.orders rename column ${column?.['column_name']} to renamed_by_hand`)
  expect(JSON.stringify(await becomes('fail', 'out_of_order'))).toContain('public.orders.renamed_by_hand')
})
