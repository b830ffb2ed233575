/** More answers, and longer ones, than one request may bring. A stand-in pushes them into a real Redis. */
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type Broker, startBroker } from './broker.ts'

let broker: Broker
const clients: Redis[] = []
beforeAll(async () => {
  broker = await startBroker()
})
afterEach(async () => {
  for (const client of clients.splice(0)) client.disconnect()
  await broker.redis.command('FLUSHALL')
})
afterAll(() => broker?.close())

type WorkerQueues = readonly (readonly string[])[]

/** Answers the next question as so many workers as there are lists of queues would. */
async function answerAs(workers: WorkerQueues, registered = 1): Promise<void> {
  const subscriber = new Redis(broker.redis.url, { enableReadyCheck: false })
  const client = new Redis(broker.redis.url)
  clients.push(subscriber, client)
  const names = Array.from({ length: registered }, (_, at) => `\x06\x16\x06\x16w${at}@test.celery.pidbox`)
  await client.sadd('_kombu.binding.celery.pidbox', ...names)
  // Each pattern that fits counts as a subscriber.
  for (let count = 1; count <= workers.length; count += 1) {
    subscriber.psubscribe(`/0.celery.pidbox${'*'.repeat(count)}`)
  }
  await subscriber.ping()
  let hasAnswered = false
  subscriber.on('pmessage', async (_pattern, _channel, message: string) => {
    // Workers ignore an empty message, and each of these patterns hears the question.
    if (message === '' || hasAnswered) return
    hasAnswered = true
    const { ticket, reply_to } = JSON.parse(Buffer.from(JSON.parse(message).body, 'base64').toString())
    const queue = `celery.edge-health.${reply_to.routing_key}.reply.celery.pidbox`
    const pushes = client.pipeline()
    workers.forEach((queues, at) => {
      pushes.lpush(reply_to.exchange === '' ? reply_to.routing_key : queue, replyOf(at, queues, ticket))
    })
    await pushes.exec()
  })
}

/** As kombu writes it (`Queue.as_dict` in kombu/entity.py), with the blanks of Python's JSON. */
function replyOf(at: number, queues: readonly string[], ticket: string): string {
  const exchange = {
    name: 'celery',
    type: 'direct',
    arguments: null,
    durable: true,
    passive: false,
    auto_delete: false,
  }
  const described = queues.map((name) => ({
    ...{ name, exchange: { ...exchange, delivery_mode: null, no_declare: false }, routing_key: name },
    ...{ queue_arguments: null, binding_arguments: null, consumer_arguments: null, durable: true },
    ...{ exclusive: false, auto_delete: false, no_ack: false, alias: null, bindings: [], no_declare: null },
    ...{ expires: null, message_ttl: null, max_length: null, max_length_bytes: null, max_priority: null },
  }))
  const spaced = (value: unknown) => JSON.stringify(value, null, 1).replace(/\n */g, ' ')
  return spaced({
    body: Buffer.from(spaced({ [`w${at}@test`]: described })).toString('base64'),
    'content-encoding': 'utf-8',
    'content-type': 'application/json',
    headers: { ticket, clock: at },
    properties: {
      ...{ delivery_mode: 1, delivery_info: { exchange: 'edge-health.1', routing_key: 'id' }, priority: 0 },
      ...{ body_encoding: 'base64', delivery_tag: '2f4c9d5e-0000-4000-8000-000000000000' },
    },
  })
}

const each = (count: number, queues: (at: number) => string[]): WorkerQueues =>
  Array.from({ length: count }, (_, at) => queues(at))

it('reads the answers of 2,000 workers, to the last', async () => {
  await answerAs(each(2000, (at) => [at === 1999 ? 'mail' : 'celery']))
  const outcome = await broker.ask({ expectedWorkers: 2000, queues: ['mail'], timeoutMs: 5000 })
  expect(outcome).toMatchObject({
    status: 'pass',
    code: 'ok',
    details: { subscribers: 2000, answered: 2000 },
  })
})

it('reads the answers of 2,000 registered workers, who are asked without a binding, since not all of them are read', async () => {
  await answerAs(
    each(2000, () => ['celery']),
    2000,
  )
  const outcome = await broker.ask({ expectedWorkers: 2000, workers: ['w1999@test'], timeoutMs: 5000 })
  expect(outcome).toMatchObject({
    status: 'pass',
    code: 'ok',
    details: { subscribers: 2000, answered: 2000 },
  })
  expect((await broker.keys()).filter((key) => key.includes('binding.edge-health'))).toEqual([])
})

it('reads the answers of 1,000 workers with 6 queues, to the last', async () => {
  const six = ['one', 'two', 'three', 'four', 'five', 'six']
  await answerAs(each(1000, (at) => (at === 999 ? [...six, 'mail'] : six)))
  const outcome = await broker.ask({ expectedWorkers: 1000, queues: ['mail'], timeoutMs: 5000 })
  expect(outcome).toMatchObject({ status: 'pass', code: 'ok', details: { answered: 1000 } })
})

it('says what is not proven where more answers came than it may read', async () => {
  await answerAs(each(2000, (at) => Array.from({ length: 12 }, (_, queue) => `queue-${at}-${queue}`)))
  const outcome = await broker.ask({ queues: ['queue-1999-11'], timeoutMs: 5000 })
  expect(outcome).toMatchObject({
    status: 'warn',
    code: 'missing_queue',
    details: { unread_hint: expect.stringContaining('not proven') },
  })
})

it('reads the answer of a worker with 1,500 queues, and counts them all', async () => {
  const many = Array.from({ length: 1500 }, (_, queue) => `queue-${queue}`)
  await answerAs([['celery'], many, ['mail']])
  await broker.redis.command('RPUSH', 'queue-1400', 'one', 'two')
  const asked = { expectedWorkers: 3, queues: ['queue-1499', 'mail'], maxBacklog: 1, timeoutMs: 5000 }
  const outcome = await broker.ask(asked)
  expect(outcome).toMatchObject({
    status: 'warn',
    code: 'backlog',
    details: { answered: 3, backlog: { 'queue-1400': 2 } },
  })
  expect(outcome.details).not.toHaveProperty('unread_hint')
})
