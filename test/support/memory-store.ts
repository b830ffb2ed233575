import type { Clock } from '../../src/core/clock.ts'
import type { OpenStoreClient, SetOptions } from '../../src/store/store-client.ts'

/** What the store needs of a Redis, in memory: for tests of what several isolates do on a clock that stands still. */
interface MemoryStore {
  readonly open: OpenStoreClient
  /** Every command so far, as words. */
  readonly commands: string[][]
  readonly values: Map<string, { readonly value: string; readonly expiresAt: number }>
  /** What happens before each command: it may throw, or never end. */
  before(command: readonly string[]): Promise<void>
  /** What its answers say that its clock is, in epoch ms; undefined where they do not say. */
  date(): number | undefined
}

export function memoryStore(clock: Clock): MemoryStore {
  const values: MemoryStore['values'] = new Map()
  const live = (key: string) => {
    const entry = values.get(key)
    return entry && entry.expiresAt > clock.monotonic() ? entry.value : undefined
  }
  const store: MemoryStore = {
    commands: [],
    values,
    before: async () => {},
    date: () => undefined,
    open: () => ({
      get servedAt() {
        return store.date()
      },
      async getrange(key, start, end) {
        const command = ['GETRANGE', key, String(start), String(end)]
        store.commands.push(command)
        await store.before(command)
        return (live(key) ?? '').slice(start, end + 1)
      },
      async set(key: string, value: string, options: SetOptions) {
        const isNx = 'nx' in options
        const isGet = 'get' in options
        const flags = [...(isNx ? ['NX'] : []), ...(isGet ? ['GET'] : [])]
        const command = ['SET', key, value, 'PX', String(options.px), ...flags]
        store.commands.push(command)
        await store.before(command)
        const old = live(key)
        if (isNx && old !== undefined) return null
        values.set(key, { value, expiresAt: clock.monotonic() + options.px })
        return isGet ? (old ?? null) : 'OK'
      },
    }),
  }
  return store
}
