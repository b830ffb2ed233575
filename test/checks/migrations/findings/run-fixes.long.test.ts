import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Live, startLive } from '../live.ts'
import { type Mutation, mutations } from '../mutations.ts'
import { ticketing } from '../ticketing.ts'
import { shop, shopDrifts } from './fix-drifts.ts'
import { leftAsShown, leftByDesign } from './left-by-design.ts'
import { explained, seen } from './run-alone.ts'
import { type FixBench, type FixedDrift, startFixBench } from './run-fixes.ts'

/** Kinds that are not compared unless asked for. */
const compared = mutations.filter(([, , ...findings]) =>
  findings.some(([, , , severity]) => severity !== 'info'),
)

let live: Live
let bench: FixBench
let shopBench: FixBench
beforeAll(async () => {
  live = await startLive(18)
  bench = await startFixBench(live, 'ticketing', ticketing)
  shopBench = await startFixBench(live, 'shop', shop)
})
afterAll(async () => {
  await bench?.close()
  await shopBench?.close()
  await live?.close()
})

describe('every fix of a drift of the ticketing schema runs, and leads back', () => {
  it.each(compared.map(toDrift))('$name', (drift) => bench.runFixes(drift))
})

describe('every fix of a drift of the shop schema runs, and leads back', () => {
  it.each(shopDrifts)('$name', (drift) => shopBench.runFixes(drift))
})

function toDrift([name, drift]: Mutation): FixedDrift {
  const left = leftByDesign.flatMap(({ drifts }) => drifts[name] ?? [])
  return { name, drift, left: leftAsShown[name] ?? left, leftByScript: left }
}

it('explains no refusal that no drift has', () => {
  expect([...seen].toSorted()).toEqual(explained.toSorted())
})

it('names no drift that does not exist', () => {
  const names = compared.map(([name]) => name)
  const listed = [leftAsShown, ...leftByDesign.map(({ drifts }) => drifts)].flatMap(Object.keys)
  expect(names).toEqual(expect.arrayContaining(listed))
  expect(new Set(listed).size).toBe(listed.length)
})
