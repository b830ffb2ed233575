import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Live, startLive } from '../live.ts'
import { shop, shopDrifts } from './fix-drifts.ts'
import { type FixBench, startFixBench } from './run-fixes.ts'

/** The rest of them, and every mutation, are run by the long test. */
const handful = [
  'index of a partitioned table dropped',
  'primary key dropped with the foreign key on it',
  'function dropped with the policy that calls it',
  'required column that is extra',
  'primary key and constraints renamed',
  'unique constraints and indexes with swapped names',
  'sequences with swapped names, in one table and in two',
  'trigger, rule and policy renamed',
  'column of another type, with what was written for its own',
  'serial column dropped',
  'table dropped with types, views, routines and foreign keys',
]

let live: Live
let bench: FixBench
beforeAll(async () => {
  live = await startLive()
  bench = await startFixBench(live, 'shop', shop)
})
afterAll(async () => {
  await bench?.close()
  await live?.close()
})

it.each(handful)('the fixes run, and lead back: %s', async (name) => {
  const drift = shopDrifts.find((each) => each.name === name)
  await bench.runFixes(drift ?? expect.unreachable(name))
})
