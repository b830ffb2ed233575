/**
 * What a Node team runs today: @godaddy/terminus in front of an HTTP server, with the two checks that its users write
 * by hand. No cache, no timeout, no look at workers or migrations: that is how it is used.
 * Environment: PORT, DATABASE_URL, REDIS_URL.
 */
import { createServer } from 'node:http'
import { createTerminus } from '@godaddy/terminus'
import { Redis } from 'ioredis'
import pg from 'pg'

const database = new pg.Pool({ connectionString: process.env.DATABASE_URL })
const redis = new Redis(process.env.REDIS_URL)
// Both report here what they reconnect from by themselves.
for (const client of [database, redis]) client.on('error', () => {})

async function health() {
  await Promise.all([database.query('select 1'), redis.ping()])
  return { database: 'up', redis: 'up' }
}

const server = createServer((_request, response) => response.end('plain'))
createTerminus(server, { healthChecks: { '/health-check': health }, signals: [] })
server.listen(Number(process.env.PORT), '127.0.0.1')
