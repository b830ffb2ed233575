import type { Variables } from './environment.ts'

export interface StackOptions {
  /** What the person at the terminal has set. */
  readonly environment: Variables
  /** Path of the drizzle.config whose migrations the embedded Postgres gets. */
  readonly drizzleConfig: string
  /** What relative paths are relative to. */
  readonly workingDirectory: string
  /** Told what happens after the start. */
  readonly log: (line: string) => void
}

/** A dependency of the Worker, or what stands in for it. */
export interface StandIn {
  readonly kind: 'embedded' | 'real'
  /** For the person at the terminal: without a password. */
  readonly description: string
  /** What the Worker is told about it. */
  readonly variables: Variables
  /** Resolves when it can answer; requests wait until then. Rejects with a StartError. */
  readonly ready: Promise<void>
  close(): Promise<void>
}
