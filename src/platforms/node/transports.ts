import { type Pg, postgresOverTcp } from '../../clients/postgres-tcp.ts'
import { type IoredisClass, redisOverTcp } from '../../clients/redis-tcp.ts'
import type { Transports } from '../../clients/transports.ts'
import { CheckError } from '../../core/check.ts'
import { errorCode } from '../../core/error-code.ts'

/** What Node can do besides HTTP, with packages that the application installs; each is loaded when it is first asked. */
export const nodeTransports: Transports = {
  postgres: (url) => postgresOverTcp(url, loadPg),
  redis: (url) => redisOverTcp(url, loadIoredis),
}

async function loadPg(): Promise<Pg> {
  try {
    return (await import('pg')).default
  } catch (error) {
    throw explainMissing('pg', 'Postgres', error)
  }
}

async function loadIoredis(): Promise<IoredisClass> {
  try {
    // Bundled for Lambda, a CommonJS module has its default export alone.
    return (await import('ioredis')).default
  } catch (error) {
    throw explainMissing('ioredis', 'Redis', error)
  }
}

/** The codes of Node and of what esbuild leaves where a package was not there when it bundled. */
const notFound = ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND']

function explainMissing(name: string, server: string, error: unknown): unknown {
  if (!(error instanceof Error) || !notFound.includes(errorCode(error) ?? '')) return error
  return new CheckError(
    'not_configured',
    `${server} is asked over TCP, which needs the package ${name} beside this one: add it to your dependencies`,
  )
}
