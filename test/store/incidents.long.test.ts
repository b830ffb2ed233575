/** Incidents and alerts on real processes that die, are cut off from Redis, and have wrong clocks. */
import { tmpdir } from 'node:os'
import { expect, it, onTestFinished } from 'vitest'
import { runBin } from '../cli/run-bin.ts'
import { sleep, until } from '../servers/process.ts'
import { startSeveralWorkers } from './several-workers.ts'

/** Runs that are nearer to each other count as one. */
const apartMs = 5300

async function setUp(skewsMs: readonly number[]) {
  const all = await startSeveralWorkers(skewsMs)
  onTestFinished(() => all.close())
  // Processes that have just started are slow, and do not know the server's clock.
  for (let round = 0; round < 2; round += 1) {
    for (const worker of all.workers) expect((await worker.ask()).status).toBe(200)
    await sleep(1100)
  }
  await sleep(apartMs - 1100)
  return all
}

it.each([
  { moment: 'before its channel has answered', isAnswered: false },
  { moment: 'when its channel has answered, before it is written down', isAnswered: true },
])(
  'a process that is killed $moment costs one more message at most, with the same id',
  async ({ isAnswered }) => {
    const all = await setUp([0, 0])
    const [doomed, other] = all.workers
    if (!doomed || !other) throw new Error('there are two')
    all.onAlert = async () => {
      all.onAlert = () => {}
      if (isAnswered) await doomed.redis.set({ kind: 'silence' })
      else await doomed.server.close()
    }
    await all.stack.sqlProxy.set({ kind: 'refuse' })
    await doomed.ask()
    await sleep(apartMs)
    await doomed.ask()
    await until('the alert', () => all.notified.length > 0)
    await doomed.server.close()
    for (let round = 0; round < 2; round += 1) {
      await sleep(apartMs)
      await other.ask()
    }
    expect(all.notified.length).toBeGreaterThanOrEqual(1)
    expect(all.notified.length).toBeLessThanOrEqual(2)
    expect(new Set(all.notified.map(({ event, id }) => `${event} ${id}`)).size).toBe(1)

    await all.stack.sqlProxy.set(undefined)
    for (let round = 0; round < 2; round += 1) {
      await sleep(apartMs)
      await other.ask()
    }
    await until('its end', () => all.notified.some(({ event }) => event === 'resolved'))
    expect(all.notified.filter(({ event }) => event === 'resolved')).toHaveLength(1)
  },
)

it('a process that is cut off from Redis, and clocks that are wrong by 30 s, make no second incident', async () => {
  const all = await setUp([-30_000, 0, 30_000])
  const alone = all.workers[2]
  const askAll = async (count: number) => {
    for (let round = 0; round < count; round += 1) {
      await Promise.all(all.workers.map((worker) => worker.ask()))
      await sleep(apartMs)
    }
  }
  await alone?.redis.set({ kind: 'refuse' })
  const beganAt = Date.now()
  await all.stack.sqlProxy.set({ kind: 'refuse' })
  await askAll(3)
  const endedAt = Date.now()
  await all.stack.sqlProxy.set(undefined)
  await alone?.redis.set(undefined)
  await askAll(3)

  const count = (of: string) => all.notified.filter(({ event }) => event === of).length
  // Who is cut off cannot know that the others have said it.
  for (const event of ['fired', 'resolved']) {
    expect(count(event), event).toBeGreaterThanOrEqual(1)
    expect(count(event), event).toBeLessThanOrEqual(2)
  }
  expect(all.notified.every(({ check }) => check === 'database')).toBe(true)
  const { stdout } = await runBin(['history', '--json'], { cwd: tmpdir(), env: all.environment })
  const { incidents } = JSON.parse(stdout)
  expect(incidents).toMatchObject([{ check: 'database', code: 'unreachable' }])
  // The server's clock is known to the second, and a smaller difference than 3 s is not corrected.
  expect(Math.abs(incidents[0].from - beganAt)).toBeLessThan(5000)
  expect(incidents[0].to).toBeGreaterThan(beganAt + apartMs)
  expect(incidents[0].to).toBeLessThan(endedAt + 3000)
})
