import type { Database } from '../../../src/compile/replay/database.ts'
import { type Effect, relationName } from '../../../src/gate/measure/effect.ts'
import type { LockMode } from '../../../src/gate/measure/lock-mode.ts'
import { startMeasuring } from '../../../src/gate/measure/session.ts'
import type { Statement } from './statements.ts'

const short: Readonly<Record<LockMode, string>> = {
  AccessShareLock: 'AS',
  RowShareLock: 'RS',
  RowExclusiveLock: 'RX',
  ShareUpdateExclusiveLock: 'SUX',
  ShareLock: 'S',
  ShareRowExclusiveLock: 'SRX',
  ExclusiveLock: 'X',
  AccessExclusiveLock: 'AX',
}

/** What a statement is observed to do, in the form of the table of statements. */
export async function observe(database: Database, { sql, before }: Statement) {
  await database.exec('begin')
  try {
    const session = await startMeasuring(database)
    if (before !== undefined) await session.measure(before)
    return describe(await session.measure(sql))
  } finally {
    await database.exec('rollback')
  }
}

function describe(effects: readonly Effect[]) {
  const named = (holds: (effect: Effect) => boolean, text: (effect: Effect) => string = nameOf) =>
    effects.filter(holds).map(text).sort()
  return {
    locks: named(
      ({ locks }) => locks.length > 0,
      (effect) =>
        `${nameOf(effect)} ${effect.locks
          .map((mode) => short[mode])
          .sort()
          .join('+')}`,
    ),
    rewrite: named(({ rewritten }) => rewritten),
    scan: named(({ scanned }) => scanned),
    build: named(
      ({ indexesBuilt }) => indexesBuilt > 0,
      (effect) => `${nameOf(effect)} ${effect.indexesBuilt}`,
    ),
    rows: named(({ changesRows }) => changesRows),
    empties: named(({ emptied }) => emptied),
    drops: named(({ dropped }) => dropped),
    index: named(({ locksIndex, locks }) => locksIndex && !locks.includes('AccessExclusiveLock')),
  }
}

const nameOf = ({ relation }: Effect) => relationName(relation).replace(/^public\./, '')

/** The same of a row of the table. */
export function expectedOf(statement: Statement, version?: number) {
  const { until = 18, ...real } = statement.real ?? {}
  const said = { ...statement, ...(version !== undefined && version <= until && real) }
  const words = (text = '') => text.split(' ').filter(Boolean).sort()
  const parts = (text = '') =>
    text
      .split(';')
      .map((part) => part.trim())
      .filter(Boolean)
      .sort()
  return {
    locks: parts(said.locks).map((part) => {
      const [name, modes = ''] = part.split(' ')
      return `${name} ${modes.split('+').sort().join('+')}`
    }),
    rewrite: words(statement.rewrite),
    scan: words(said.scan),
    build: parts(statement.build),
    rows: words(statement.rows),
    empties: words(statement.empties),
    drops: words(statement.drops),
    index: words(statement.index),
  }
}
