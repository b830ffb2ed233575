/** A fix is run by a person as it is shown: what the scrub leaves of it must be the statement itself, or nothing. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ExpectedSchema } from '../../../../src/checks/migrations/expected-schema.ts'
import { createHealth } from '../../../../src/health.ts'
import { type Live, startLive } from '../live.ts'
import { replay } from '../replay.ts'

const healthToken = 'planted-token-8a1f93'

const migrations = {
  roles: [],
  files: [
    `create table profiles (
       id text primary key,
       avatar text default 'https://cdn.shop.example/default.png' not null,
       last_ip text default '0.0.0.0' not null,
       token text not null,
       contact text default 'user "postgres" host=db.example.com' not null,
       website text check (website ~~ 'https://%'),
       internal text default '${healthToken}');
     create policy own on profiles as permissive for select to public using (token = current_setting('app.token', true));
     create function docs() returns text language plpgsql as $$ begin /* see https://wiki.shop.example/x */ return '{"token": "", "password": "x"}'; end $$;`,
  ],
}

const drift = `
  alter table profiles alter avatar set default 'https://evil.example/x.png', alter last_ip set default '10.0.0.1',
    alter contact set default 'user "x" host=other', drop constraint profiles_website_check;
  alter policy own on profiles using (true);
  create or replace function docs() returns text language plpgsql as $$ begin return 'https://evil.example/x'; end $$;`

let live: Live
let expected: ExpectedSchema
beforeAll(async () => {
  expected = (await replay(migrations)).expected
  live = await startLive()
  await live.migrate('shop', migrations)
})
afterAll(() => live?.close())

interface Shown {
  readonly object: string
  readonly expected?: string
  readonly found?: string
  readonly fix?: string
  readonly no_fix?: string
}

/** The migrations check of the whole function, whose details a caller with the token reads. */
async function check() {
  const { url, endpoint = '' } = live.connection('shop')
  const environment = { DATABASE_URL: url, DATABASE_HTTP_ENDPOINT: endpoint, HEALTH_TOKEN: healthToken }
  const health = createHealth({
    environment: { ...environment, HEALTH_CHECKS: 'migrations' },
    expected,
    write: () => {},
  })
  const { results } = await health.check({ hostname: 'here', release: undefined })
  const [{ code, details } = expect.unreachable()] = results
  return { code, findings: (details?.['findings'] ?? []) as Shown[] }
}

it('each fix runs as it is shown and leads back, whatever looks like a secret in it', async () => {
  await live.sql('shop', drift)
  const { code, findings } = await check()
  expect(code).toBe('drift')
  expect(findings.map(({ fix }) => fix)).toHaveLength(6)
  expect(JSON.stringify(findings)).not.toContain('[redacted]')
  for (const { expected: want, found } of findings) expect(want).not.toBe(found)
  await live.sql('shop', `begin; ${findings.map(({ fix }) => fix).join('; ')}; commit`)
  expect(await check()).toEqual({ code: 'ok', findings: [] })
})

it('a fix that would hold a secret of this function is left out, with a word why', async () => {
  await live.sql('shop', 'alter table profiles alter internal drop default')
  const { code, findings } = await check()
  expect(code).toBe('drift')
  expect(findings).toMatchObject([
    { object: 'public.profiles.internal', no_fix: expect.stringContaining('secret') },
  ])
  expect(findings[0]).not.toHaveProperty('fix')
  expect(JSON.stringify(findings)).not.toContain(healthToken)
})
