import { afterAll, beforeAll, expect, it } from 'vitest'
import { startAll } from '../support/start-all.ts'
import { type PostgresServer, startPostgres } from './postgres.ts'
import { endProcess, hasEnded, onFreePort, start, untilReady } from './process.ts'
import { type RedisServer, startRedis } from './redis.ts'
import { findRedisServer } from './requirements.ts'

let postgres: PostgresServer
let redis: RedisServer
beforeAll(async () => {
  ;[postgres, redis] = await startAll([startPostgres(), startRedis()])
})
afterAll(async () => {
  await Promise.all([postgres?.close(), redis?.close()])
})

it('runs a real Postgres that can be stopped and started', async () => {
  expect(await postgres.query('select 1 as one')).toEqual([{ one: 1 }])
  await postgres.stop()
  await expect(postgres.query('select 1')).rejects.toThrow()
  await postgres.start()
  expect(await postgres.query('select 1 as one')).toEqual([{ one: 1 }])
})

it('runs a real Redis that can be frozen and thawed', async () => {
  expect(await redis.command('PING')).toBe('PONG')
  redis.freeze()
  const frozen = await Promise.race([
    redis.command('PING').catch(() => 'refused'),
    new Promise((r) => setTimeout(r, 300, 'silent')),
  ])
  expect(frozen).toBe('silent')
  redis.thaw()
  expect(await redis.command('PING')).toBe('PONG')
})

it('takes another port when somebody was quicker to take the one that was free', async () => {
  const ports: number[] = []
  const second = await onFreePort(async (free) => {
    const port = ports.length === 0 ? redis.port : free
    ports.push(port)
    const server = start(findRedisServer(), ['--port', String(port), '--save', '', '--bind', '127.0.0.1'])
    await untilReady('Redis', server, () => server.output().includes('Ready to accept connections'))
    return server
  })
  expect(ports).toHaveLength(2)
  await endProcess(second.child)
})

it('says what a server printed that could not be started', async () => {
  await expect(startRedis({ maxmemory: 'nonsense' })).rejects.toThrow(
    /Redis did not start: [\s\S]*argument must be a memory value/,
  )
  await expect(startPostgres({ settings: { shared_buffers: 'nonsense' } })).rejects.toThrow(
    /Postgres did not start: [\s\S]*invalid value for parameter "shared_buffers"/,
  )
})

it('ends a server that is not ready in time', async () => {
  const server = start(process.execPath, ['--eval', 'setInterval(() => {}, 1000)'])
  await expect(untilReady('It', server, () => false, 100)).rejects.toThrow('It did not start')
  expect(hasEnded(server.child)).toBe(true)
})

it('closes what did start when another part did not', async () => {
  const closed: string[] = []
  const part = async (name: string) => ({ close: () => closed.push(name) })
  const starting = startAll([part('first'), Promise.reject(new Error('the second is broken')), part('third')])
  await expect(starting).rejects.toThrow('the second is broken')
  expect(closed).toEqual(['first', 'third'])
})
