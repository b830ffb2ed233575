import type { CompileOptions } from '../compile/options.ts'
import type { Variables } from './environment.ts'

/** Which migrations the embedded Postgres gets and how they are replayed, as the options of the compile say. */
export type MigrationSources = Pick<
  CompileOptions,
  'config' | 'migrations' | 'ledger' | 'preset' | 'prelude' | 'skip'
>

export interface StackOptions {
  /** What the person at the terminal has set. */
  readonly environment: Variables
  readonly sources: MigrationSources
  /** What relative paths are relative to. */
  readonly workingDirectory: string
  /** Called with what happens after the start. */
  readonly log: (line: string) => void
  /** Ends the start. */
  readonly signal: AbortSignal
}

/** A dependency of the Worker, or what stands in for it. */
export interface StandIn {
  readonly kind: 'embedded' | 'real'
  /** For the person at the terminal: without a password. */
  readonly description: string
  /** The variables by which the Worker finds it. */
  readonly variables: Variables
  /** Resolves when it can answer; requests wait until then. Rejects with a StartError. */
  readonly ready: Promise<void>
  /** Of what is embedded, so that one can see what the check says of its absence. */
  readonly power?: Switch
  close(): Promise<void>
}

/** Makes a server unreachable, and brings it back at the same address with what it held. Both may be called twice. */
export interface Switch {
  stop(): Promise<void>
  start(): Promise<void>
}
