import { afterAll, beforeAll, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from './postgres.ts'
import { type RedisServer, startRedis } from './redis.ts'

let postgres: PostgresServer
let redis: RedisServer
beforeAll(async () => {
  ;[postgres, redis] = await Promise.all([startPostgres(), startRedis()])
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
