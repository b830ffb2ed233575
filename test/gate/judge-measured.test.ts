/** The verdict of the gate from what was measured, with what people accepted. */
import { expect, it } from 'vitest'
import type { Allowance } from '../../src/gate/allow.ts'
import type { Driver } from '../../src/gate/driver.ts'
import { defaultFailAt, defaultWarnAt } from '../../src/gate/judge/thresholds.ts'
import { judgeMeasured } from '../../src/gate/judge-measured.ts'
import type { Measured } from '../../src/gate/measure-pending.ts'
import { effect, exclusive, live, stepsOf } from './judge/steps.ts'
import { catalogOf, pendingFile } from './measured.ts'

interface Around {
  driver?: Driver
  allowances?: readonly Allowance[]
}

const judged = (measured: Partial<Measured>, { driver = 'node-postgres', allowances = [] }: Around = {}) =>
  judgeMeasured(
    { files: [], steps: [], before: catalogOf(), catalogs: [], ...measured },
    {
      ...{ driver, allowances, warnAt: defaultWarnAt, failAt: defaultFailAt },
      settings: { version: 180_000, timeZone: 'UTC', hasLockTimeout: true },
      sizes: new Map([['public.orders', live({ heapBytes: 20e9 })]]),
    },
  )

const files = [pendingFile('one', 'select 1'), pendingFile('two', 'select 2', 'select 3')]
const rewrite = stepsOf([[effect({ rewritten: true, ...exclusive })], { tag: 'two' }])

it('nothing that is pending passes', () => {
  expect(judged({})).toEqual({
    ...{ verdict: 'pass', serverVersion: 180_000, driver: 'node-postgres', oneTransaction: true },
    ...{ migrations: [], findings: [], expired: [] },
  })
})

it('the worst migration decides, and each has its own verdict', () => {
  const { verdict, migrations } = judged({ files, steps: rewrite })
  expect(verdict).toBe('fail')
  expect(migrations).toEqual([
    { tag: 'one', file: 'one.sql', statements: 1, findings: [], verdict: 'pass' },
    {
      ...{ tag: 'two', file: 'two.sql', statements: 2, verdict: 'fail' },
      findings: [expect.objectContaining({ level: 'fail', code: 'rewrites', object: 'public.orders' })],
    },
  ])
})

it('what is about the whole deploy counts although every migration passes', () => {
  const report = judged({ files }, { driver: 'neon-http' })
  expect(report).toMatchObject({ verdict: 'warn', driver: 'neon-http', oneTransaction: false })
  expect(report.migrations.map(({ verdict }) => verdict)).toEqual(['pass', 'pass'])
  expect(report.findings).toMatchObject([{ level: 'warn', code: 'half_applied' }])
})

it('what was accepted passes with its reason: of a migration, and of the whole deploy', () => {
  const reason = 'at night, with nobody there'
  const allowances = [
    { code: 'rewrites', object: 'public.orders', reason, migration: 'two' },
    { code: 'half_applied', object: 'neon-http', reason, migration: undefined },
  ]
  const report = judged({ files, steps: rewrite }, { driver: 'neon-http', allowances })
  expect(report.verdict).toBe('pass')
  expect(report.migrations[1]?.findings).toMatchObject([{ level: 'pass', allowed: reason }])
  expect(report.findings).toMatchObject([{ level: 'pass', allowed: reason }])
})

it('what was accepted of a migration that is not pending is named, and nothing else', () => {
  const [applied, pending] = ['zero', 'one'].map((migration) => ({
    ...{ code: 'rewrites', object: 'public.orders', reason: 'at night, with nobody there', migration },
  }))
  const allowances = [applied, pending].flatMap((each) => each ?? [])
  expect(judged({ files }, { allowances }).expired).toEqual([applied])
})

it('queries wait for a view that is dropped and made again, and fail for one that is only dropped', () => {
  const view = { oid: 'v', name: 'public.v', kind: 'v' }
  const blocksOf = (...relations: (typeof view)[]) =>
    judged({
      files: [pendingFile('one', 'drop view v', 'create view v as select 1')],
      steps: stepsOf([[effect({ dropped: true, ...exclusive }, 'v')]]),
      before: catalogOf(view),
      catalogs: [{ tag: 'one', catalog: catalogOf(...relations) }],
    }).migrations.flatMap(({ findings }) => findings.map(({ code, object }) => `${code} ${object}`))
  expect(blocksOf({ ...view, oid: 'w' })).toEqual(['blocks public.v'])
  expect(blocksOf()).toEqual(['breaks_running_release public.v'])
})

it('a table that takes the name of one that is dropped is not taken for one that is there already', () => {
  const before = catalogOf({ oid: 'orders', name: 'public.orders' }, { oid: '2', name: 'public.orders_new' })
  const { migrations } = judged({
    files: [pendingFile('one', 'drop table orders', 'alter table orders_new rename to orders')],
    ...{ before, catalogs: [{ tag: 'one', catalog: catalogOf({ oid: '2', name: 'public.orders' }) }] },
  })
  const codes = migrations.flatMap(({ findings }) => findings.map(({ code }) => code))
  expect(codes).toContain('needs_first')
  expect(codes).not.toContain('fails')
})
