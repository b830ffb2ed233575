import { describe, expect, it } from 'vitest'
import { jsonOutcome } from '../../../src/cli/gate/json.ts'
import { markdownOutcome } from '../../../src/cli/gate/markdown.ts'
import { exitCodes, type GateOutcome } from '../../../src/cli/gate/outcome.ts'
import { renderOutcome } from '../../../src/cli/gate/render.ts'
import type { GateReport } from '../../../src/gate/report.ts'
import { schemaOf } from '../../support/schema.ts'

const report: GateReport = {
  verdict: 'fail',
  serverVersion: 170004,
  driver: 'node-postgres',
  oneTransaction: true,
  sizesFrom: 'files',
  times: { replayMs: 800, measureMs: 200, sizesMs: 12 },
  expired: [{ code: 'rewrites', object: 'public.old', reason: 'it was at night', migration: '0007_old' }],
  findings: [
    {
      level: 'warn',
      code: 'no_lock_timeout',
      object: 'lock_timeout',
      message: 'there is none',
      advice: 'set one',
    },
  ],
  migrations: [
    {
      tag: '0119_plugin_oauth',
      file: '/repository/drizzle/0119_plugin_oauth.sql',
      verdict: 'fail',
      statements: 6,
      findings: [
        {
          level: 'fail',
          code: 'rewrites',
          object: 'ingest.webhook_events',
          statement: { number: 6, text: 'ALTER TABLE "ingest"."webhook_events" …' },
          message: 'rewrites ingest.webhook_events: 198 GB table; every read and write of it waits',
          amount: { heapBytes: 198e9, toastBytes: 419e9, indexBytes: 0, rows: 105e6, indexes: 2 },
          waits: [
            { object: 'ingest.webhook_events', reads: true, writes: true },
            { object: 'auth.users', reads: true, writes: true },
            { object: 'public.parent', reads: false, writes: true },
          ],
          advice: 'change it online',
          saferSql: ['ALTER TABLE "ingest"."webhook_events" ADD COLUMN "provider_new" text'],
        },
        {
          level: 'pass',
          code: 'changes_rows',
          object: 'public.t',
          statement: { number: 7, text: 'update t' },
          message: 'changes rows of public.t',
          allowed: 'the table has nine rows',
        },
        {
          level: 'pass',
          code: 'needs_first',
          object: 'public.connections',
          message: 'the new release needs it first',
        },
      ],
    },
  ],
}
const check = {
  checker: 'migrations',
  status: 'pass',
  code: 'ok',
  output: 'fine',
  passed: true,
  response_time: 0.1,
  timestamp: 0,
} as const
const outcomes: Record<string, GateOutcome> = {
  failed: { verdict: 'fail', pending: 1, report, check },
  'nothing pending': { verdict: 'pass', pending: 0 },
  'a difference': { verdict: 'differs', check: { ...check, status: 'fail', code: 'drift', passed: false } },
  'no answer': { verdict: 'not_asked', reason: 'no answer within the time limit' },
}
const plain = (_: unknown, text: string) => text

describe('the JSON document', () => {
  const matches = schemaOf('gate')

  it.each(Object.entries(outcomes))('of %s is as docs/gate.schema.json says', (_, outcome) => {
    const document = JSON.parse(jsonOutcome(outcome))
    expect(matches(document), JSON.stringify(matches.errors)).toBe(true)
    expect(document).toMatchObject({
      version: 1,
      verdict: outcome.verdict,
      exit_code: exitCodes[outcome.verdict],
    })
  })

  it('has everything that the report has', () => {
    const { migrations, findings } = JSON.parse(jsonOutcome({ verdict: 'fail', report }))
    expect(migrations[0].findings[0]).toMatchObject({
      code: 'rewrites',
      amount: { heap_bytes: 198e9, toast_bytes: 419e9, rows: 105e6, indexes: 2 },
      safer_sql: [expect.stringContaining('provider_new')],
      waits: [{ reads: true }, { object: 'auth.users' }, { reads: false }],
    })
    expect(findings).toMatchObject([{ code: 'no_lock_timeout' }])
  })
})

describe('for people', () => {
  it('every finding that stops or warns has its statement, who waits, and the safer way', () => {
    expect(renderOutcome({ verdict: 'fail', pending: 1, report, check }, plain)).toEqual([
      'edge-health gate: 1 pending migration, Postgres 17.4, node-postgres (all in one transaction), measured in 1.0 s',
      '',
      'FAIL 0119_plugin_oauth',
      '  6  FAIL rewrites: rewrites ingest.webhook_events: 198 GB table; every read and write of it waits',
      '       ALTER TABLE "ingest"."webhook_events" …',
      '       meanwhile wait: reads and writes of auth.users; writes of public.parent',
      '       safer: change it online',
      '         ALTER TABLE "ingest"."webhook_events" ADD COLUMN "provider_new" text;',
      '  7  allowed (the table has nine rows) changes_rows: changes rows of public.t',
      '       update t',
      '     the new release needs first: public.connections (migrate, then deploy)',
      '',
      '  -  WARN no_lock_timeout: there is none',
      '       safer: set one',
      '  -  note: the allowance of rewrites:public.old has expired, 0007_old is not pending: delete it from the file',
      '',
      'FAIL',
    ])
  })

  it.each([
    ['nothing pending', 'edge-health gate: PASS, no migration is pending'],
    ['a difference', 'FAIL: production differs from its migrations'],
    ['no answer', 'production cannot be asked: no answer within the time limit'],
  ])('%s is one sentence', (name, sentence) => {
    expect(renderOutcome(outcomes[name] ?? { verdict: 'pass' }, plain).at(-1)).toContain(sentence)
  })

  it('text of a migration drives neither the terminal nor GitHub', () => {
    const [migration] = report.migrations
    const evil = '\u001b[31m::error::x'
    const bad: GateReport = {
      ...report,
      migrations: migration
        ? [
            {
              ...migration,
              tag: evil,
              findings: [{ level: 'fail', code: 'fails', object: 'x', message: `${evil}\n::add-mask::y` }],
            },
          ]
        : [],
    }
    const lines = renderOutcome({ verdict: 'fail', report: bad }, plain)
    expect(lines.join('\n')).not.toContain('\u001b')
    expect(lines.join('\n')).not.toMatch(/^\s*::/m)
  })
})

describe('as Markdown', () => {
  it('is a table for each migration', () => {
    const text = markdownOutcome({ verdict: 'fail', report })
    expect(text).toContain('## Gate: 🔴 FAIL')
    expect(text).toContain('### 🔴 FAIL 0119\\_plugin\\_oauth')
    expect(text).toContain('| 🔴 FAIL | rewrites | 6 | rewrites ingest.webhook\\_events: 198 GB table')
    expect(text).toContain('allowed: the table has nine rows')
  })

  it('holds no Markdown of a migration', () => {
    const [migration] = report.migrations
    const finding = {
      level: 'warn',
      code: 'not_measured',
      object: 'x',
      message: 'a | b `c` <img> [d](e)',
    } as const
    const bad: GateReport = {
      ...report,
      migrations: migration ? [{ ...migration, findings: [finding] }] : [],
    }
    expect(markdownOutcome({ verdict: 'warn', report: bad })).toContain(
      'a \\| b \\`c\\` \\<img\\> \\[d\\](e)',
    )
  })
})
