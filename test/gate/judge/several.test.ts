/** Several statements, tables and migrations: which of them a finding is about. */
import { expect, it } from 'vitest'
import { effect, exclusive, findings, judged, levels, live, share, stepsOf } from './steps.ts'

const lock = effect(exclusive)
const big = [live(), live({ name: 'public.big', heapBytes: 1e12, rows: 1e9 })]
const heavy = effect({ rewritten: true, ...exclusive }, 'big')
/** The numbers of the statements, with what is found there. */
const said = (...args: Parameters<typeof findings>) =>
  findings(...args).map(
    ({ statement, level, code, object }) => `${statement?.number} ${level} ${code} ${object}`,
  )

it('each migration has its own findings', () => {
  const problems = [{ kind: 'not_measured' as const, reason: 'an extension' }]
  const steps = stepsOf(
    [[effect({ rewritten: true, ...exclusive }), effect(exclusive, 'other')], { problems }],
    [[heavy, effect(exclusive, 'another')], { tag: 'two', transaction: 2, problems }],
  )
  const found = judged(steps, { tags: ['one', 'two'], sizes: big })
  const objectsOf = (tag: string) => found.get(tag)?.map(({ code, object }) => `${code} ${object}`)
  expect(objectsOf('one')).toEqual(['rewrites public.orders', 'blocks public.other', 'not_measured one'])
  expect(objectsOf('two')).toEqual(['rewrites public.big', 'blocks public.another', 'not_measured two'])
})

it('a lock is as strong as the strongest that the transaction took', () => {
  const steps = stepsOf([[lock]], [[effect({ rewritten: true, ...share })]])
  expect(levels(steps, { sizes: [live({ heapBytes: 1e12 })] }).at(-1)).toBe('fail rewrites public.orders')
})

it('a lock is said where it begins, also where another statement works on the table', () => {
  expect(said(stepsOf([[effect(share)]], [[effect(share)]], [[lock]], [[lock]]))).toEqual([
    '1 pass blocks public.orders',
    '3 pass blocks public.orders',
  ])
  expect(said(stepsOf([[lock]], [[effect({ rewritten: true })]]))).toEqual([
    '1 pass blocks public.orders',
    '2 pass rewrites public.orders',
  ])
})

it('who waits for the work of the same statement waits until that is done', () => {
  const [one] = findings(stepsOf([[lock, heavy]]), { sizes: big })
  expect(one?.code).toBe('rewrites')
  const blocks = findings(stepsOf([[lock, heavy]]), { sizes: big }).find(({ code }) => code === 'blocks')
  expect(blocks).toMatchObject({
    level: 'fail',
    message: 'reads and writes of public.orders wait until it is done',
  })
  expect(blocks).not.toHaveProperty('advice')
})

it('who waits for several works waits for the heaviest, and for light ones nothing is advised', () => {
  const light = effect({ rewritten: true, ...exclusive }, 'small')
  const sizes = [...big, live({ name: 'public.small' })]
  expect(findings(stepsOf([[lock]], [[light]], [[heavy]]), { sizes })[0]).toMatchObject({
    message: 'reads and writes of public.orders wait until statement 3 is done',
  })
  const [blocks] = findings(stepsOf([[lock]], [[light]]), { sizes })
  expect(blocks).toMatchObject({
    level: 'pass',
    message: 'reads and writes of public.orders wait until statement 2 is done',
  })
  expect(blocks).not.toHaveProperty('advice')
})

it('an old transaction makes what stops a deploy no milder', () => {
  const sizes = [live({ holders: 1, oldHolders: 1 }), ...big.slice(1)]
  expect(findings(stepsOf([[lock]], [[heavy]]), { sizes })[0]).toMatchObject({
    level: 'fail',
    advice: 'deploy one of the two by itself',
  })
})

it('a lock is said where production was not asked', () => {
  expect(said(stepsOf([[lock]]), { sizes: 'not asked' })).toEqual(['1 pass blocks public.orders'])
})

it('only a second rewrite of one table is advised to be done with the first', () => {
  const advice = (...does: ReturnType<typeof effect>[]) =>
    findings(stepsOf(...does.map((each): [(typeof does)[number][]] => [[each]])), {
      sizes: [live({ heapBytes: 1e12, rows: 1e9 }), ...big.slice(1)],
    }).at(-1)?.advice
  const again = expect.stringContaining('rewrite it once')
  const rewrite = effect({ rewritten: true, ...exclusive })
  expect(advice(rewrite, rewrite)).toEqual(again)
  expect(advice(rewrite)).not.toEqual(again)
  expect(advice(effect({ scanned: true, ...exclusive }), rewrite)).not.toEqual(again)
  expect(advice(heavy, rewrite)).not.toEqual(again)
  const build = effect({ indexesBuilt: 1, ...share })
  expect(advice(build, build)).not.toEqual(again)
})

it('a safer way is offered for what is worse than a pass', () => {
  const build = (rows: number) =>
    findings(
      stepsOf([[effect({ indexesBuilt: 1, ...share })], { text: 'create index i on public.orders (a)' }]),
      {
        sizes: [live({ rows, heapBytes: 1e12 })],
      },
    )[0]
  expect(build(1e9)).toMatchObject({
    level: 'warn',
    saferSql: [expect.stringMatching(/concurrently/i), expect.any(String)],
    advice: expect.any(String),
  })
  expect(build(1)).not.toHaveProperty('advice')
  expect(build(1)).not.toHaveProperty('saferSql')
  const rows = findings(stepsOf([[effect({ changesRows: true })], { text: 'update orders set a = 1' }]), {
    sizes: [live({ rows: 1 })],
  })[0]
  expect(rows).not.toHaveProperty('advice')
})

it('a required column has the advice to add it in steps', () => {
  expect(findings(stepsOf([[], { required: ['n'] }]))[0]?.advice).toBe(
    'add it with a default, or without NOT NULL, fill it, and make it NOT NULL later',
  )
})
