import type { StoreClient } from './store-client.ts'

/** Sets a key that is not there yet. @returns whether it was not */
export const setNew = async (client: StoreClient, key: string, value: string, px: number): Promise<boolean> =>
  (await client.set(key, value, { px, nx: true })) !== null
