import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { celeryCheck } from '../../src/checks/celery/check.ts'
import {
  controlChannel,
  defaultSeparator,
  directRoute,
  registrySet,
  registrySuffix,
  replyRoute,
} from '../../src/checks/celery/keys.ts'
import { replyReader } from '../../src/checks/celery/replies.ts'
import { open } from '../../src/checks/celery/scripts.ts'
import { redisCheck } from '../../src/checks/redis.ts'
import { createRedis, type RedisConnection, redisOverRest } from '../../src/clients/redis.ts'
import { settingsFor } from '../checks/celery/broker.ts'
import { ask } from '../support/ask.ts'
import { connectionsOf } from './connections.ts'

const { redis, readOnlyToken, redisUrl } = connectionsOf(process.env)
/** An installation of Celery that nobody has. */
const naming = { keyPrefix: 'edge-health-live:', controlExchange: 'celery' }
const channel = controlChannel(naming)
const registry = registrySet(naming)
const rest = () => createRedis(redis, AbortSignal.timeout(10_000))

let admin: Redis
let subscriber: Redis
beforeAll(async () => {
  admin = new Redis(redisUrl)
  subscriber = new Redis(redisUrl, { enableReadyCheck: false })
  await Promise.all([admin.ping(), subscriber.ping()])
  await admin.sadd(registry, `${defaultSeparator}${defaultSeparator}w1@live${registrySuffix(naming)}`)
})
afterAll(async () => {
  const keys = (await admin?.keys(`${naming.keyPrefix}*`)) ?? []
  if (keys.length > 0) await admin.del(...keys)
  admin?.disconnect()
  subscriber?.disconnect()
})

const publish = () => {
  const route = replyRoute(naming, crypto.randomUUID(), Date.now())
  const direct = { route: directRoute(naming, Date.now()), message: '{"direct":true}' }
  const bound = { route, message: '{}' }
  const question = { channel, registry, registrySuffix: registrySuffix(naming), separator: defaultSeparator }
  return open(rest(), { ...question, bound, direct }).then((opened) => ({ route, ...opened }))
}
const askCelery = (connection: RedisConnection) =>
  ask(celeryCheck(settingsFor(connection, { keyPrefix: naming.keyPrefix })), 20_000)

describe('a real Redis over REST', () => {
  it('answers the redis check, and its probe that writes', async () => {
    for (const write of [false, true]) {
      expect(await ask(redisCheck({ redis: redisOverRest(redis), write }), 20_000)).toMatchObject({
        code: 'ok',
      })
    }
    await admin.del('edge-health:probe')
  })

  it('refuses a wrong token in a shape that is understood', async () => {
    const wrong = { ...redis, token: 'a-wrong-token' }
    expect(await ask(redisCheck({ redis: redisOverRest(wrong) }), 20_000)).toMatchObject({
      code: 'unauthorized',
    })
  })

  it('says that nobody is subscribed, twice, before it is believed', async () => {
    expect(await askCelery(redis)).toMatchObject({ status: 'fail', code: 'no_workers' })
  })

  it('counts who is subscribed when a script publishes, and delivers it', async () => {
    expect((await publish()).subscribers).toBe(0)
    await subscriber.psubscribe(channel)
    const heard = new Promise((resolve) => subscriber.once('pmessage', (...message) => resolve(message)))
    expect((await publish()).subscribers).toBe(1)
    expect(await heard).toEqual([channel, channel, '{}'])
  })

  it('keeps an answer until it is collected, and lets the list expire', async () => {
    const { route } = await publish()
    await admin.lpush(route.replyList, 'an answer')
    expect(await admin.ttl(route.replyList)).toBeGreaterThan(0)
    const read = replyReader({ replyList: route.replyList, registry, alreadyThere: 1 })
    const { elements, registered } = await read(rest(), { askRegistry: true })
    expect(elements).toEqual(['an answer'])
    expect(registered).toHaveLength(1)
  })

  it('bills what a script calls: 7 commands for the publish and 2 for one look', async () => {
    const billed = async (work: () => Promise<unknown>) => {
      const [first, second] = [await processed(), await processed()]
      await work()
      return (await processed()) - second - (second - first)
    }
    const { route } = await publish()
    const read = replyReader({ replyList: route.replyList, registry, alreadyThere: 1 })
    expect(await billed(publish)).toBe(7)
    expect(await billed(() => read(rest()))).toBe(2)
  })
})

describe.runIf(readOnlyToken)('a token that may only read', () => {
  const connection = { ...redis, token: readOnlyToken ?? '' }

  it('passes the redis check and not the celery check', async () => {
    expect(await ask(redisCheck({ redis: redisOverRest(connection) }), 20_000)).toMatchObject({ code: 'ok' })
    expect(await askCelery(connection)).toMatchObject({ code: 'unauthorized' })
  })
})

/** How many commands the server has run, by its own count. */
async function processed(): Promise<number> {
  const count = /^total_commands_processed:(\d+)/m.exec(await admin.info('stats'))?.[1]
  if (count === undefined) throw new Error('INFO does not say how many commands were run')
  return Number(count)
}
