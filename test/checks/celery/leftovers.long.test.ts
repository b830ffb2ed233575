import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { celeryCheck } from '../../../src/checks/celery/check.ts'
import { type CeleryProcess, runPython, startWorker } from '../../servers/celery.ts'
import { sleep, until } from '../../servers/process.ts'
import { type Broker, startBroker } from './broker.ts'

const sharedReplyBindings = '_kombu.binding.reply.celery.pidbox'

let broker: Broker
let worker: CeleryProcess
let monitor: Redis
const touchedSharedBindings: string[] = []
beforeAll(async () => {
  broker = await startBroker()
  worker = startWorker({ redisUrl: broker.redis.url })
  await worker.ready()
  monitor = await new Redis(broker.redis.url).monitor()
  monitor.on('monitor', (_time: string, command: string[]) => {
    if (command.includes(sharedReplyBindings)) touchedSharedBindings.push(command.join(' '))
  })
})
afterAll(async () => {
  monitor?.disconnect()
  await worker?.stop()
  await broker?.close()
})

const ours = async () => (await broker.keys()).filter((key) => key.includes('edge-health'))

async function expectExpiries(): Promise<number> {
  const keys = await ours()
  // A key may expire between the two questions: -2.
  const withoutExpiry = []
  for (const key of keys) {
    if ((await broker.redis.command('TTL', key)) === -1) withoutExpiry.push(key)
  }
  expect(withoutExpiry).toEqual([])
  return keys.length
}

/** A function that is killed: its request is cut wherever it is, and nothing is ever cleaned up. */
async function killedHalfWay(afterMs: number): Promise<boolean> {
  const signal = AbortSignal.timeout(afterMs)
  const run = async () => celeryCheck(broker.settings()).run({ signal, timeoutMs: 2500 })
  return run().then(
    () => false,
    () => true,
  )
}

const askFrozen = () =>
  Promise.all(Array.from({ length: 25 }, () => broker.ask({ timeoutMs: 100 }))).then((outcomes) => {
    for (const { code } of outcomes) expect(code).toBe('no_reply')
  })

it('leaves no key without an expiry, and none at all when the expiries have passed', async () => {
  let killed = 0
  // On a busy machine a request may be cut before it has left: then there are more, which are cut later and later.
  for (let check = 0; check < 100 || (check < 1000 && (await ours()).length <= 10); check++) {
    if (await killedHalfWay(check % (10 + Math.floor(check / 20)))) killed++
  }
  expect(killed).toBeGreaterThan(20)
  expect(await expectExpiries()).toBeGreaterThan(10)

  worker.freeze()
  await askFrozen()
  expect(await expectExpiries()).toBeGreaterThan(25)
  worker.thaw()
  await until('answers again', async () => (await broker.ask()).code === 'ok')
  await expectExpiries()

  worker.freeze()
  await askFrozen()
  // The bindings have expired and the lists have not: what the worker answers now goes nowhere.
  await sleep(80_000)
  expect((await ours()).filter((key) => key.startsWith('_kombu'))).toEqual([])
  worker.thaw()
  await until('answers again', async () => (await broker.ask()).code === 'ok')
  await expectExpiries()

  await sleep(101_000)
  expect(await ours()).toEqual([])
  expect(touchedSharedBindings).toEqual([])

  const ping = await runPython(
    { redisUrl: broker.redis.url },
    'print(json.dumps(app.control.inspect(timeout=30, limit=1).ping()))',
  )
  expect(ping).toEqual({ 'w1@test': { ok: 'pong' } })
})
