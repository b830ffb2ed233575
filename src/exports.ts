/**
 * What the package exports on every platform, beside `createHealthCheck`.
 * @module
 */
export type { HealthBody, HealthCheck, HealthCheckOptions } from './application.ts'
export { type CeleryCheckOptions, celeryCheck } from './checks/celery/check.ts'
export { type DatabaseCheckOptions, databaseCheck } from './checks/database.ts'
export { type MigrationsCheckOptions, migrationsCheck } from './checks/migrations/check.ts'
export { type BullmqCheckOptions, bullmqCheck } from './checks/ready/bullmq.ts'
export { type HttpCheckOptions, httpCheck } from './checks/ready/http.ts'
export { type ProviderCheckOptions, providerCheck } from './checks/ready/provider.ts'
export { type QueueCheckOptions, queueCheck } from './checks/ready/queue.ts'
export { type RedisCheckOptions, redisCheck } from './checks/redis.ts'
export { fromDrizzle } from './clients/adapters/drizzle.ts'
export { fromIoredis } from './clients/adapters/ioredis.ts'
export { fromNodeRedis } from './clients/adapters/node-redis.ts'
export { fromPg } from './clients/adapters/pg.ts'
export { fromPostgresJs } from './clients/adapters/postgres-js.ts'
export type { OpenPostgres, OpenRedis } from './clients/interfaces.ts'
export { type PostgresConnection, postgresOverHttp } from './clients/postgres.ts'
export { type RedisConnection, redisOverRest } from './clients/redis.ts'
export type {
  Code,
  CustomCheck as Check,
  CustomCheckContext as CheckContext,
  Details,
  FaultCode,
  Outcome,
  Result,
  Status,
} from './core/check.ts'
export { CheckError } from './core/check.ts'
