import { describe, expect, it } from 'vitest'
import type { CatalogVerdict } from '../../../src/checks/migrations/comparison/compare.ts'
import type { Difference } from '../../../src/checks/migrations/comparison/diff-catalog.ts'
import {
  type MigrationsTableDiff,
  nothingDiffers,
} from '../../../src/checks/migrations/comparison/diff-migrations-table.ts'
import { toFindings } from '../../../src/checks/migrations/findings/finding.ts'
import { createSeverityOf } from '../../../src/checks/migrations/findings/lowered-severity.ts'
import type { Severity } from '../../../src/checks/migrations/findings/severity.ts'
import { type Evidence, outcomeOf } from '../../../src/checks/migrations/outcome.ts'

const kinds = { fail: 'column', warn: 'storage parameters', info: 'comment' } as const
const compared = (...severities: Severity[]): CatalogVerdict => ({
  state: 'compared',
  findings: toFindings(severities.map(differenceOf)),
  unread: [],
  moreExtra: 0,
  ignored: [],
  viewText: true,
})
/** What the policy judges so. */
const differenceOf = (severity: Severity): Difference => ({
  difference: severity === 'warn' ? 'extra' : 'missing',
  kind: kinds[severity],
  part: 'public.orders',
  partKind: 'table',
  name: 'total',
})
const locked: CatalogVerdict = { state: 'not_compared', reason: 'locked' }
const everything = {
  pending: ['1'],
  edited: ['2'],
  outOfOrder: ['3'],
  unknown: ['4'],
  ahead: ['5'],
  lineEndings: ['6'],
} as const

function judge(
  ledger: Partial<MigrationsTableDiff> | string,
  catalog = compared(),
  models: Evidence['models'] = { state: 'in_line' },
) {
  const diff = typeof ledger === 'string' ? (ledger as 'absent') : { ...nothingDiffers, ...ledger }
  const { status, code } = outcomeOf({ ledger: diff, catalog, models }, {})
  return `${status} ${code}`
}

describe('one result carries one code, the first that applies', () => {
  const ahead = { state: 'ahead', names: ['public.orders'] } as const
  const differs = compared('fail')
  it.each([
    ['fail pending', everything, differs, ahead],
    ['fail edited', { ...everything, pending: [], ahead: [] }, differs, ahead],
    ['fail out_of_order', { outOfOrder: ['3'], unknown: ['4'] }, differs, ahead],
    ['fail unknown_migration', { unknown: ['4'], ahead: ['5'] }, differs, ahead],
    ['fail models_ahead', { ahead: ['5'] }, differs, ahead],
    ['fail models_ahead', 'absent', locked, ahead],
    ['fail drift', {}, differs, undefined],
    ['fail drift', 'absent', differs, undefined],
    ['fail drift', 'denied', differs, undefined],
    ['warn edited', { edited: ['2'], outOfOrder: ['3'], ahead: ['5'] }, compared(), undefined],
    ['warn out_of_order', { outOfOrder: ['3'], ahead: ['5'] }, compared(), undefined],
    ['warn out_of_order', { outOfOrder: ['3'], unknown: ['4'] }, compared(), undefined],
    ['warn unknown_migration', { unknown: ['4'], ahead: ['5'] }, compared(), undefined],
    ['fail unknown_migration', { unknown: ['4'] }, compared('warn'), undefined],
    ['warn database_ahead', { ahead: ['5'], lineEndings: ['6'] }, compared(), undefined],
    ['warn no_ledger', 'absent', compared('warn'), undefined],
    ['warn not_compared', 'denied', compared('warn'), undefined],
    ['warn not_compared', 'unread', locked, undefined],
    ['warn not_compared', 'unread', compared(), undefined],
    ['warn not_compared', {}, locked, undefined],
    ['warn extra', { lineEndings: ['6'] }, compared('warn', 'info'), undefined],
    ['pass line_endings', { lineEndings: ['6'] }, compared('info'), undefined],
    ['pass ok', { retimed: ['7'], duplicate: ['8'] }, compared(), undefined],
  ] as const)('%s', (expected, ledger, catalog, models) => {
    expect(judge(ledger, catalog, models)).toBe(expected)
  })
})

describe('a difference proves nothing', () => {
  it('when the database is ahead: it is reported, not failed', () => {
    expect(judge({ ahead: ['5'] }, compared('fail'))).toBe('warn database_ahead')
    expect(judge({ ahead: ['5'], edited: ['2'], outOfOrder: ['3'] }, compared('fail'))).toBe(
      'warn database_ahead',
    )
  })
})

describe('what the ledger says is true without the catalog', () => {
  it('for pending and unknown migrations', () => {
    expect(judge({ pending: ['1'] }, locked)).toBe('fail pending')
    expect(judge({ unknown: ['4'] }, locked)).toBe('fail unknown_migration')
    expect(judge({ ahead: ['5'] }, locked)).toBe('warn database_ahead')
    expect(judge('absent', locked)).toBe('warn no_ledger')
  })

  it('but whether an edited or skipped file matters, only the catalog tells', () => {
    expect(judge({ edited: ['2'], outOfOrder: ['3'] }, locked)).toBe('warn not_compared')
  })
})

describe('a row of no file', () => {
  const extra = (name: string): CatalogVerdict => ({
    ...(compared() as Extract<CatalogVerdict, { state: 'compared' }>),
    findings: toFindings([
      { difference: 'extra', kind: 'table', part: 'public.invoices', partKind: 'table', name },
      { difference: 'missing', kind: 'comment', part: 'public.orders', partKind: 'table', name: 'total' },
    ]),
  })

  it('beside whole objects of no file may be of another service that shares the table', () => {
    expect(judge({ unknown: ['4'] }, extra(''))).toBe('warn unknown_migration')
    expect(judge({ unknown: ['4'], ahead: ['5'] }, extra(''))).toBe('warn unknown_migration')
  })

  it.each(['enum', 'domain', 'sequence', 'collation'] as const)(
    'beside a whole %s that is in no table may be of another service too',
    (kind) => {
      const own = { difference: 'extra', kind, part: '', partKind: null, name: 'public.mood' } as const
      const catalog = { ...extra(''), findings: toFindings([own]) } as CatalogVerdict
      expect(judge({ unknown: ['4'] }, catalog)).toBe('warn unknown_migration')
      const missing = toFindings([{ ...own, difference: 'missing' }])
      expect(judge({ unknown: ['4'] }, { ...extra(''), findings: missing } as CatalogVerdict)).toBe(
        'fail unknown_migration',
      )
    },
  )

  it('beside anything else explains a difference', () => {
    expect(judge({ unknown: ['4'] }, extra('total'))).toBe('fail unknown_migration')
    expect(judge({ unknown: ['4'] }, { ...extra(''), unread: ['public.orders'] } as CatalogVerdict)).toBe(
      'fail unknown_migration',
    )
  })
})

it('takes a harmless addition as the difference that an edited file explains', () => {
  expect(judge({ edited: ['2'] }, compared('warn'))).toBe('fail edited')
  expect(judge({ outOfOrder: ['2'] }, compared('warn'))).toBe('fail out_of_order')
  expect(judge({ edited: ['2'] }, compared('info'))).toBe('warn edited')
})

it('warns of drift where all that fails was configured to warn', () => {
  const findingsOf = (pattern: string): CatalogVerdict => ({
    state: 'compared',
    findings: toFindings([differenceOf('fail'), differenceOf('info')], [], {
      severityOf: createSeverityOf([pattern]),
    }),
    unread: [],
    moreExtra: 0,
    ignored: [],
    viewText: true,
  })
  expect(judge({}, findingsOf('column'))).toBe('warn drift')
  expect(judge({}, findingsOf('index'))).toBe('fail drift')
  expect(judge({ edited: ['2'] }, findingsOf('column'))).toBe('fail edited')
  expect(judge({ pending: ['2'] }, findingsOf('column'))).toBe('fail pending')
})

it('fails on tables that differ in what is not known', () => {
  const unread: CatalogVerdict = {
    state: 'compared',
    findings: toFindings([]),
    unread: ['public.orders'],
    moreExtra: 0,
    ignored: [],
    viewText: true,
  }
  expect(judge({}, unread)).toBe('fail drift')
})

describe('the public sentence', () => {
  const output = (ledger: Partial<MigrationsTableDiff>, catalog: CatalogVerdict) =>
    outcomeOf({ ledger: { ...nothingDiffers, ...ledger }, catalog, models: { state: 'in_line' } }, {}).output

  it('counts', () => {
    expect(output({}, compared('fail'))).toBe('1 difference from the migrations')
    expect(output({}, compared('fail', 'fail', 'warn', 'info'))).toBe('3 differences from the migrations')
    expect(output({}, compared('warn'))).toBe('1 harmless addition to the migrations')
    expect(output({ pending: ['a'] }, compared())).toBe('1 migration is not applied')
    expect(output({ pending: ['a', 'b'] }, compared())).toBe('2 migrations are not applied')
    expect(output({}, compared())).toBe('database up to date with migrations')
  })

  it('names nothing, and never has the words of the overall status', () => {
    const ledgers = [nothingDiffers, ...Object.keys(everything).map((key) => ({ [key]: ['secret_name'] }))]
    for (const ledger of ledgers) {
      for (const catalog of [compared(), compared('fail'), compared('warn'), locked]) {
        expect(output(ledger, catalog)).not.toMatch(/success|failure|secret_name|orders/)
      }
    }
  })
})

describe('what the public reads, and what it says to do next', () => {
  const ahead: Evidence['models'] = { state: 'ahead', names: ['public.orders'] }
  const inLine: Evidence['models'] = { state: 'in_line' }
  const said = (
    ledger: Partial<MigrationsTableDiff> | 'absent',
    catalog = compared(),
    more: Partial<Evidence> = {},
  ) => {
    const diff = ledger === 'absent' ? ledger : { ...nothingDiffers, ...ledger }
    const { output, details } = outcomeOf({ ledger: diff, catalog, models: inLine, ...more }, { own: 1 })
    expect(details).toMatchObject({ own: 1 })
    return [output, details?.['next']]
  }
  const differs = compared('fail')

  it('of migrations that are not applied', () => {
    expect(said({ pending: ['1'] })).toEqual(['1 migration is not applied', 'npx drizzle-kit migrate'])
  })

  it('of a migration that was edited or skipped, by whether the schema differs', () => {
    expect(said({ edited: ['2'] }, differs)).toEqual([
      'an applied migration was edited, and the schema differs from it',
      'Restore the file as it was when it ran, and put the change into a new migration.',
    ])
    expect(said({ edited: ['2'] })).toEqual([
      'an applied migration was edited; the schema is in sync',
      'Restore the file as it was when it ran.',
    ])
    expect(said({ outOfOrder: ['3'] }, differs)).toEqual([
      'a migration was skipped, and the schema differs',
      expect.stringContaining('generate it again, or run it by hand'),
    ])
    expect(said({ outOfOrder: ['3'] })).toEqual([
      'a migration was skipped; the schema is in sync',
      expect.stringContaining('Insert its row into the ledger'),
    ])
  })

  it('of a migration that is not among the files', () => {
    expect(said({ unknown: ['4'] }, differs)).toEqual([
      'a migration was applied that is not among the files',
      expect.stringContaining('Bring back the file that ran'),
    ])
    expect(said({ unknown: ['4'] })).toEqual([
      'a migration was applied that is not among the files; the schema is in sync',
      expect.stringContaining('Nothing is broken'),
    ])
  })

  it('of models that are ahead, by whether there are files that Drizzle never runs', () => {
    const output = 'the models have changes that no migration makes'
    expect(said({}, compared(), { models: ahead })).toEqual([output, 'npx drizzle-kit generate'])
    expect(said({}, compared(), { models: ahead, unlisted: ['0003_by_hand.sql'] })).toEqual([
      output,
      expect.stringContaining('meta/_journal.json'),
    ])
    const evidence = {
      ledger: nothingDiffers,
      catalog: compared(),
      models: ahead,
      unlisted: ['0003_by_hand.sql'],
    }
    expect(outcomeOf(evidence, {})).toMatchObject({ status: 'fail', code: 'models_ahead' })
    // Such a file alone is not a fault.
    expect(said({}, compared(), { unlisted: ['0003_by_hand.sql'] })).toEqual([
      'database up to date with migrations',
      undefined,
    ])
  })

  it('of a database that is ahead, and of one without a table of applied migrations', () => {
    expect(said({ ahead: ['5'] })).toEqual([
      'the database has newer migrations than this function',
      'Deploy this function with the migrations that the application ran.',
    ])
    expect(said('absent')).toEqual([
      'the table of applied migrations does not exist',
      expect.stringContaining('--ledger'),
    ])
  })

  it('of what could not be compared, and of what is in sync but for line ends', () => {
    const notCompared = ['not everything could be compared with the migrations', undefined]
    expect(said({}, locked)).toEqual(notCompared)
    const notComparable = [{ kind: 'table', object: 'public.orders', difference: 'changed' }] as const
    expect(said({}, compared(), { notComparable })).toEqual(notCompared)
    expect(said({}, compared(), { uncompared: ['publication changes'] })).toEqual(notCompared)
    expect(said({ lineEndings: ['6'] })).toEqual(['database up to date with migrations', undefined])
  })

  it('of a difference that only warns because it was configured to', () => {
    const findings = toFindings([differenceOf('fail')], [], { severityOf: createSeverityOf(['column']) })
    expect(said({}, { ...(compared() as CatalogVerdict & { state: 'compared' }), findings })).toEqual([
      '1 difference from the migrations',
      expect.stringContaining('MIGRATIONS_WARN'),
    ])
  })

  it('counts tables that are not known and additions that are not named beside what is', () => {
    const all = {
      ...(compared('fail') as CatalogVerdict & { state: 'compared' }),
      unread: ['a', 'b'],
      moreExtra: 4,
    }
    expect(said({}, all)).toEqual(['7 differences from the migrations', undefined])
  })
})
