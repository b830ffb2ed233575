import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { migrationsCheck } from '../../../../src/checks/migrations/check.ts'
import type { ExpectedSchema } from '../../../../src/checks/migrations/expected-schema.ts'
import { clientOn, type Live, run, startLive } from '../live.ts'
import { findingsOf } from '../mutation-suite.ts'
import { replay, type TestMigrations } from '../replay.ts'

const tickets: TestMigrations = {
  roles: [],
  files: [
    `create type state as enum ('open', 'closed'); create table tickets (id integer primary key, state state)`,
  ],
}
const drift = `alter type state add value 'lost' after 'open'`

let live: Live
let session: pg.Client
let expected: ExpectedSchema
beforeAll(async () => {
  expected = (await replay(tickets)).expected
  live = await startLive()
  await live.migrate('tickets', tickets)
  session = new pg.Client(live.server.url('tickets'))
  await session.connect()
})
afterAll(async () => {
  await session?.end()
  await live?.close()
})

const ask = async () => run(migrationsCheck({ postgres: () => clientOn(session), expected }))

async function undone(use: () => Promise<void>) {
  await session.query('begin')
  try {
    await use()
  } finally {
    await session.query('rollback')
  }
}

it('of a value too many leads to both sides being the same, whichever way is chosen', async () => {
  let found: string | undefined
  let words = ''
  await undone(async () => {
    await session.query(drift)
    const outcome = await ask()
    expect(outcome).toMatchObject({ status: 'fail', code: 'drift' })
    const [finding] = findingsOf(outcome) as readonly { found?: string; no_fix?: string }[]
    expect(finding).not.toHaveProperty('fix')
    found = finding?.found
    words = finding?.no_fix ?? ''

    // To lose it.
    expect(words).toMatch(/rename the type, make it anew, change its columns .*, and drop the old one$/)
    const using = /ALTER COLUMN … (TYPE \S+ USING) …(::text::\S+);/.exec(words)
    await session.query(`alter type state rename to state_old; create type state as enum ('open', 'closed');
      alter table tickets alter column state ${using?.[1]} state${using?.[2]}; drop type state_old`)
    expect(await ask()).toMatchObject({ status: 'pass', code: 'ok' })
  })
  // To keep it: the migration makes everywhere what is here.
  const [migration = ''] = /ALTER TYPE public\.state ADD VALUE IF NOT EXISTS [^.]*/.exec(words) ?? []
  const after = await replay({ ...tickets, files: [...tickets.files, migration] })
  const enums = after.expected.parts.flatMap(({ objects }) =>
    objects.filter((text) => text.startsWith('enum')),
  )
  expect(enums.map((text) => text.split('\u001f')[2])).toEqual([found])
})

it('of a value under another name, without anything that tells which, names both cases', () =>
  undone(async () => {
    await session.query(`alter type state rename value 'closed' to 'done'`)
    const [finding] = findingsOf(await ask()) as readonly { no_fix?: string }[]
    expect(finding).not.toHaveProperty('fix')
    const [, statement = ''] = /\(then: (.*)\), or one was given up/.exec(finding?.no_fix ?? '') ?? []
    await session.query(statement)
    expect(await ask()).toMatchObject({ status: 'pass', code: 'ok' })
  }))
