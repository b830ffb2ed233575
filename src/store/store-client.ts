/**
 * The commands that the store sends, all of them plain ones: on Upstash a script locks the whole database while it runs
 * (https://upstash.com/docs/redis/features/key-locking). The narrow client of Redis has them.
 */
export interface StoreClient {
  /** The server's clock at its last answer, in epoch ms, to the second; undefined where it does not say. */
  readonly servedAt?: number | undefined
  /** The bytes of a string from `start` to `end`, both included; empty where the key does not exist. */
  getrange(key: string, start: number, end: number): Promise<string>
  /** @returns null when `nx` kept it from being set; with `get` what was there before, or null */
  set(key: string, value: string, options: SetOptions): Promise<unknown>
}

/** `px`: milliseconds until it expires. `nx`: only where the key does not exist. `get`: answers the old value. */
export type SetOptions = { readonly px: number } & ({ readonly nx: true } | { readonly get?: true })

/** Makes a client whose I/O ends with the signal. On Workers a client must not outlive its request. */
export type OpenStoreClient = (signal: AbortSignal) => StoreClient
