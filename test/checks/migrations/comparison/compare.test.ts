/**
 * What is asked, how often, and what is made of the answers: with answers that no server gives on demand. On real servers:
 * check.test.ts.
 */
import { describe, expect, it } from 'vitest'
import { compare } from '../../../../src/checks/migrations/comparison/compare.ts'
import { type ExpectedSchema, writeObject } from '../../../../src/checks/migrations/expected-schema.ts'
import { toFindings } from '../../../../src/checks/migrations/findings/finding.ts'
import type { Row, Statement } from '../../../../src/clients/postgres.ts'
import { PostgresError } from '../../../../src/clients/postgres-fault.ts'
import { CheckError } from '../../../../src/core/check.ts'

const table = (name: string, digest: string) => ({
  ...{
    part: `public.${name}`,
    kind: 'table',
    digests: [digest],
    objectDigests: `${digest}-total ${digest}-head`,
  },
  objects: [
    writeObject({ kind: 'column', name: 'total', definition: 'integer' }),
    writeObject({ kind: 'table', name: '', definition: '' }),
  ],
})
const expected = {
  ...{
    schemas: ['public'],
    partitions: false,
    extensions: [],
    optionalKinds: [],
    question: '',
    serverVersion: 180000,
  },
  ...{ layout: '0.31', migrations: [], models: { state: 'in_line' }, digests: ['all'] },
  ledger: { schema: 'drizzle', table: '__drizzle_migrations' },
  kinds: [{ kind: 'column', digests: ['columns'] }],
  parts: [table('orders', 'a'), table('tickets', 'b')],
} as unknown as ExpectedSchema

const xml = (answer: unknown) => `<row><answer>${JSON.stringify(answer)}</answer></row>`
const state = (catalog: unknown, version = 170000): Row[][] => [
  [],
  [{ fingerprint: 'f', version, ledger: null, catalog: catalog === null ? null : xml(catalog) }],
]
/** Both tables are there and differ in a column. */
const different = state({ parts: 'x y', kinds: [{ kind: 'column', digest: 'others' }] })
const differing = (answer: object, fingerprint = 'f'): Row[][] => [
  [],
  [{ answer: JSON.stringify({ changed: [], left_out: [], extra: [], more_extra: 0, ...answer }) }],
  [{ fingerprint }],
]
/** Another type of the column of one table. */
const changedTotal = (position: number, digest: string) => [
  position,
  [['column', 'total', 'text']],
  [`${digest}-total`],
]

/**
 * @param answers of each batch in order, the last one for ever; an error is thrown
 * @param asked gets what is asked
 */
async function comparing(
  answers: readonly (Row[][] | Error)[],
  more: Partial<ExpectedSchema> = {},
  asked: (readonly Statement[])[] = [],
) {
  const client = {
    async readOnlyBatch(statements: readonly Statement[]) {
      const answer = answers[Math.min(asked.length, answers.length - 1)]
      asked.push(statements)
      if (answer instanceof Error) throw answer
      return answer ?? []
    },
  }
  const limits = () => ({ statementMs: 1000, lockMs: 100 })
  const comparison = await compare(client, { ...expected, ...more }, limits, undefined)
  return { asked, ...comparison }
}

const refused = (sqlstate?: string) =>
  new PostgresError('error', 'refused', sqlstate === undefined ? {} : { sqlstate })

describe('a catalog that cannot be asked', () => {
  it.each([
    ['55P03', 'locked', 2],
    ['57014', 'slow', 2],
    ['XX000', 'racing', 3],
    ['3F000', 'racing', 3],
    ['42883', 'racing', 3],
    ['42P01', 'racing', 3],
    ['42704', 'racing', 3],
  ])(
    'because of %s is %s after %i questions, the last of them for the ledger alone',
    async (sqlstate, reason, count) => {
      const { asked, ...comparison } = await comparing([refused(sqlstate)])
      expect(comparison).toEqual({
        catalog: { state: 'not_compared', reason, said: { sqlstate, message: 'refused' } },
      })
      expect(asked).toHaveLength(count)
    },
  )

  it('is compared where the race is over when it is asked once more', async () => {
    const { asked, catalog, known } = await comparing([refused('XX000'), state(true)])
    expect(asked).toHaveLength(2)
    expect(catalog).toEqual({
      ...{ state: 'compared', viewText: true, findings: toFindings([]) },
      ...{ unread: [], ignored: [], moreExtra: 0 },
    })
    expect(known).toEqual({ fingerprint: 'f', verdict: catalog })
  })

  it('has its ledger, which is asked alone, with settings that hold no digest', async () => {
    const { asked, ledger, catalog, known } = await comparing([refused('57014'), state(null)])
    expect([ledger, known]).toEqual(['absent', undefined])
    expect(catalog).toMatchObject({ reason: 'slow' })
    const digests = (at: number) => JSON.parse(String(asked[at]?.[0]?.values?.[0]))['edge_health.digests']
    expect([digests(0), digests(1)]).toEqual(['["all"]', '[]'])
  })

  it('is racing where neither a verdict nor a catalog belongs to the fingerprint', async () => {
    const { asked, ledger, catalog } = await comparing([state(null)])
    expect(catalog).toEqual({ state: 'not_compared', reason: 'racing' })
    expect([ledger, asked.length]).toEqual(['absent', 3])
  })

  it.each([
    [159999, false],
    [160000, true],
  ])('has texts of views that are compared on the server %i: %s', async (version, viewText) => {
    expect((await comparing([state(true, version)])).catalog).toMatchObject({ viewText })
  })

  it('is a fault of the database where even settings are denied', async () => {
    const asked: (readonly Statement[])[] = []
    await expect(comparing([refused('42501')], {}, asked)).rejects.toThrow('refused')
    expect(asked.map((statements) => statements.length)).toEqual([2, 2, 1])
  })

  it.each([
    ['another SQLSTATE', refused('53300')],
    ['no SQLSTATE', refused()],
    ['a fault of the way to it', new CheckError('unreachable', 'refused')],
    ['a fault with words like those of Postgres', Object.assign(new Error('refused'), { sqlstate: '55P03' })],
  ])('is a fault of the database for %s', async (_, error) => {
    await expect(comparing([error])).rejects.toBe(error)
  })

  it.each<[string, Row[][]]>([
    ['the answer is of another catalog', differing({}, 'g')],
    ['the fingerprint is not answered', differing({}).slice(0, 2)],
  ])('is racing where %s', async (_, answer) => {
    const { asked, catalog } = await comparing([different, answer, different, answer, refused('57014')])
    expect(catalog).toEqual({ state: 'not_compared', reason: 'racing' })
    expect(asked).toHaveLength(5)
  })
})

describe('a catalog that differs', () => {
  const wholeOf = async (answer: object, more: Partial<ExpectedSchema> = {}) => {
    const { catalog } = await comparing([different, differing(answer)], more)
    if (catalog.state !== 'compared') throw new Error(catalog.reason)
    return catalog
  }

  it('has what differs as findings, and names what did not fit', async () => {
    const catalog = await wholeOf({ changed: [changedTotal(0, 'a')], left_out: [1], more_extra: 2 })
    expect(catalog).toMatchObject({
      state: 'compared',
      unread: ['public.tickets'],
      moreExtra: 2,
      ignored: [],
    })
    expect(catalog.findings.shown.map(({ object }) => object)).toEqual(['public.orders.total'])
    expect(catalog).not.toHaveProperty('notComparable')
  })

  it.each([
    ['public.tickets', []],
    ['table:public.tickets', []],
    ['view:public.tickets', ['public.tickets']],
    ['public.other', ['public.tickets']],
  ])('leaves out of what did not fit what is ignored: %s', async (pattern, unread) => {
    expect((await wholeOf({ left_out: [1] }, { ignore: [pattern] })).unread).toEqual(unread)
  })

  it('may be of what belongs to no table, which has no kind, and did not fit', async () => {
    const noTable = { part: '', kind: null, digests: ['c'], objectDigests: '', objects: [] }
    const parts = [...expected.parts, noTable]
    const answer = { left_out: [2] }
    expect((await wholeOf(answer, { parts })).unread).toEqual([''])
    expect((await wholeOf(answer, { parts, ignore: ['table:*'] })).unread).toEqual([])
  })

  it('has no finding of what is ignored, and names it', async () => {
    const catalog = await wholeOf(
      { changed: [changedTotal(0, 'a')], left_out: [1] },
      { ignore: ['public.orders.*'] },
    )
    expect(catalog.ignored).toEqual(['public.orders.total'])
    expect(catalog.findings.shown).toEqual([])
  })

  it('has no finding of what the compile could not know, which is kept for fixes that need it', async () => {
    const notComparable = [{ kind: 'constraint', object: 'public.orders.near', difference: 'extra' }] as const
    const near = ['constraint', 'near', 'CHECK (near())']
    const catalog = await wholeOf({ changed: [[0, [near], []]], left_out: [1] }, { notComparable })
    expect(catalog.findings.shown).toEqual([])
    expect(catalog.notComparable).toMatchObject([{ kind: 'constraint', name: 'near' }])
    expect(catalog.differences).toEqual([])
  })

  it('has no statement that needs what the compile could not know', async () => {
    const mood = {
      ...{ part: '', kind: null, digests: ['c'], objectDigests: 'c-mood' },
      objects: [writeObject({ kind: 'enum', name: 'public.mood', definition: "'low', 'high'" })],
    }
    const orders = {
      ...table('orders', 'a'),
      objects: [
        writeObject({ kind: 'column', name: 'total', definition: 'public.mood' }),
        writeObject({ kind: 'table', name: '', definition: '' }),
      ],
    }
    const missing = {
      changed: [
        [0, [], ['a-total']],
        [1, [], ['c-mood']],
      ],
    }
    const notComparable = [{ kind: 'enum', object: 'public.mood', difference: 'missing' }] as const
    const parts = [orders, mood] as unknown as ExpectedSchema['parts']
    expect((await wholeOf(missing, { parts, notComparable })).findings.shown).toMatchObject([
      { object: 'public.orders.total', noFix: 'it needs public.mood, which was not known at the compile' },
    ])
  })

  it.each(['notComparable', 'acceptedUnknown'] as const)(
    'has no certain statement for what may be such a one under another name: %s',
    async (list) => {
      const unknown = [{ kind: 'constraint', object: 'public.orders.near', difference: 'extra' }] as const
      const other = ['constraint', 'far', 'CHECK (near())']
      const uncertain = async (live: unknown[], ignore: string[] = []) =>
        (await wholeOf({ changed: [[0, live, []]] }, { [list]: unknown, ignore })).differences?.find(
          ({ name }) => name === 'far',
        )?.uncertain
      expect(await uncertain([other])).toContain('public.orders.near under another name')
      // The one that was not known is there under its own name.
      const near = ['constraint', 'near', 'CHECK (near())']
      expect(
        await uncertain([other, near], list === 'acceptedUnknown' ? ['public.orders.near'] : []),
      ).toBeUndefined()
    },
  )
})
