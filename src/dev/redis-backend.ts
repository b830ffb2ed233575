/** What Redis replied, byte for byte. */
export type RedisReply = Buffer | number | null | readonly RedisReply[]

/** Name and arguments as they were asked. */
export type RedisCommand = readonly [name: string, ...args: string[]]

/** A connection that nobody else uses. */
export interface RedisSession {
  /** @throws {RedisError} */
  execute(command: RedisCommand): Promise<RedisReply>
}

/** Where the commands go. */
export interface RedisBackend {
  /** @param signal ends what runs in the session: the client went away */
  session<T>(signal: AbortSignal, use: (session: RedisSession) => Promise<T>): Promise<T>
  /** Runs all commands with nothing in between; a fault of one is its reply. */
  transaction(
    commands: readonly RedisCommand[],
    signal: AbortSignal,
  ): Promise<readonly (RedisReply | RedisError)[]>
  close(): Promise<void>
}

/** An error reply; the message begins with its kind, as in `WRONGTYPE Operation against ...`. */
export class RedisError extends Error {
  override readonly name = 'RedisError'
}
