/** Workers split each binding of a set by their separator and fail where one has not three parts (`Channel.get_table`). */
import fc from 'fast-check'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { directRoute, registrySet, registrySuffix, replyRoute } from '../../../src/checks/celery/keys.ts'
import { open } from '../../../src/checks/celery/scripts.ts'
import { redisCommands } from '../../../src/clients/redis-commands.ts'
import { type RedisServer, startRedis } from '../../servers/redis.ts'

const naming = { keyPrefix: '', controlExchange: 'celery' }
const now = 1_795_361_133_000

let server: RedisServer
let client: Redis
beforeAll(async () => {
  server = await startRedis()
  client = new Redis(server.url)
})
afterAll(async () => {
  client?.disconnect()
  await server?.close()
})

const characters = [':', '|', 'e', '.', '-', '\x06', '\x16', 'a', 'é', '1']
const text = (maxLength: number) =>
  fc.array(fc.constantFrom(...characters), { minLength: 1, maxLength }).map((parts) => parts.join(''))
const separators = fc.oneof(fc.constantFrom('\x06\x16', ':', '::'), text(3), text(20))

it('a binding is made only where the separator of the workers splits it into its three parts', async () => {
  let bound = 0
  await fc.assert(
    fc.asyncProperty(
      separators,
      fc.array(fc.oneof(fc.constant('celery@host'), text(4)), { minLength: 1, maxLength: 3 }),
      fc.option(separators),
      fc.boolean(),
      async (separator, names, configured, isKnown) => {
        await client.flushall()
        const members = names.map((name) => separator + separator + name + registrySuffix(naming))
        await client.sadd(registrySet(naming), ...members)
        const asked = isKnown ? separator : configured
        const route = replyRoute({ ...naming, ...(asked !== null && { separator: asked }) }, 'id', now)
        const redis = redisCommands(([name = '', ...args]) => client.call(name, ...args))
        const { way } = await open(redis, {
          channel: '/0.celery.pidbox',
          registry: registrySet(naming),
          registrySuffix: registrySuffix(naming),
          separator: asked ?? undefined,
          bound: { route, message: 'bound' },
          direct: { route: directRoute(naming, now), message: 'direct' },
        })
        if (way === 'bound') bound += 1
        for (const binding of await client.smembers(route.bindingSet)) {
          expect(binding.split(separator)).toEqual(['id', '', route.queue])
        }
        if (way !== 'bound') expect(await client.exists(route.bindingSet, route.replyList)).toBe(0)
      },
    ),
    { numRuns: 1000 },
  )
  expect(bound).toBeGreaterThan(100)
})
