import type { OpenRedis } from '../clients/interfaces.ts'

/**
 * What the store sends: plain commands only, because on Upstash a script locks the whole database while it runs
 * (https://upstash.com/docs/redis/features/key-locking).
 */
export type OpenStoreClient = OpenRedis<'getrange' | 'set' | 'servedAt'>
export type StoreClient = ReturnType<OpenStoreClient>
