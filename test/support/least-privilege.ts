import { readFileSync } from 'node:fs'
import type { RedisServer } from '../servers/redis.ts'

/** docs/least-privilege.md: its statements and commands are run as they stand there. */
export const page = readFileSync(new URL('../../docs/least-privilege.md', import.meta.url), 'utf8')

const block = (language: string) => page.split(`\`\`\`${language}\n`)[1]?.split('```')[0] ?? ''

/** Who the page's statements make, in Postgres and in Redis. */
export const sqlRole = 'health_check'
export const redisUser = { name: 'health-check', password: 'a-password-of-its-own' } as const
export const password: string = redisUser.password

/** Makes the role; to be run in the database `app`, after its migrations. */
export const roleStatements = block('sql')

/** Every line of the page that changes the Redis user, as words. */
export const aclLines = (): string[][] =>
  block('redis')
    .trim()
    .split('\n')
    .map((line) => line.split(' '))

/** Makes the Redis user anew. @param withoutRule one that is left out */
export async function grantRedis(redis: RedisServer, withoutRule?: string): Promise<void> {
  await redis.command('ACL', 'DELUSER', redisUser.name)
  for (const words of aclLines()) await redis.command(...words.filter((word) => word !== withoutRule))
}

/** Connection string of the role, in the database `app`. */
export const roleUrl = (port: number): string => `postgres://${sqlRole}:${password}@127.0.0.1:${port}/app`
