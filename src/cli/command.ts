import type { CommandDef } from 'citty'

/** One command of the bin. */
export interface Command {
  /** What citty parses, runs and describes; its `run` returns the exit code. */
  // biome-ignore lint/suspicious/noExplicitAny: citty's own type for one command among others (SubCommandsDef)
  readonly definition: CommandDef<any>
  /** Whether it takes more words than it declares and reads them itself. */
  readonly takesRest?: boolean
  /** Packages that it needs and that are not installed with this one. */
  readonly needs?: readonly string[]
  /** Command lines for the end of the help, as people would type them. */
  readonly examples: readonly string[]
  /** What the exit codes mean, for the end of the help. */
  readonly exitCodes: readonly string[]
}
