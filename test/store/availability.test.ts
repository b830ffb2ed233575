/** When a store that has failed is asked again. */
import { expect, it } from 'vitest'
import { createAvailability } from '../../src/store/availability.ts'
import { fakeClock } from '../support/fake-clock.ts'

function setUp() {
  const clock = fakeClock()
  const complaints: string[] = []
  const availability = createAvailability(clock, (message, reason) =>
    complaints.push(`${message}: ${reason}`),
  )
  return { clock, complaints, availability, fail: () => availability.failed('away', clock.monotonic()) }
}

it('is up until it fails, and once it has worked again', () => {
  const { availability, fail } = setUp()
  expect(availability.isUp()).toBe(true)
  fail()
  expect(availability.isUp()).toBe(false)
  availability.worked()
  expect(availability.isUp()).toBe(true)
  expect(availability.mayAsk()).toBe(true)
})

it('is tried after 1, 2, 4 and so on up to 60 s, and an answer waits for the first try only', async () => {
  const { clock, availability, fail } = setUp()
  for (const seconds of [1, 2, 4, 8, 16, 32, 60, 60]) {
    await clock.advance(1)
    fail()
    await clock.advance(seconds * 1000 - 1)
    expect(availability.mayTry()).toBe(false)
    await clock.advance(1)
    expect(availability.mayTry()).toBe(true)
    expect(availability.mayAsk()).toBe(seconds === 1)
  }
})

it('has failed once where several commands fail that were sent before the first of them failed', async () => {
  const { clock, availability } = setUp()
  await clock.advance(500)
  availability.failed('away', 200)
  availability.failed('away', 500)
  await clock.advance(1000)
  expect(availability.mayAsk()).toBe(true)
})

it('says so once in five minutes, and apart from that what is not believed', async () => {
  const { clock, complaints, availability, fail } = setUp()
  fail()
  availability.distrusted('its signature is wrong')
  await clock.advance(299_999)
  fail()
  expect(complaints).toEqual([
    'the store cannot be asked; results are not shared: away',
    'the shared results are not believed: its signature is wrong',
  ])
  await clock.advance(1)
  fail()
  availability.distrusted('not a snapshot')
  expect(complaints.slice(2)).toEqual([
    'the store cannot be asked; results are not shared: away',
    'the shared results are not believed: not a snapshot',
  ])
  expect(availability.isUp()).toBe(false)
})
