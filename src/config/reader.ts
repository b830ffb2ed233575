import * as v from 'valibot'
import { unwrap, withoutName } from './pasted.ts'
import { shapeOf } from './shape.ts'
import type { Variable } from './variables.ts'

export type Environment = Readonly<Record<string, unknown>>

/** A wrong or missing variable, as a sentence that may be logged: it never holds the value. */
export interface Mistake {
  readonly variable: string
  readonly sentence: string
  /** The check that cannot be asked because of it; without one, it concerns the whole function. */
  readonly check?: string
}

/** Reads variables and keeps every mistake, so that all are reported at once. */
export interface Reader {
  /** The value; undefined when it is unset, empty, or wrong (then a mistake is kept). */
  read<Schema extends v.GenericSchema<string, unknown>>(
    variable: Variable,
    schema: Schema,
    check?: string,
  ): v.InferOutput<Schema> | undefined
  /** Keeps a mistake that concerns more than one value. */
  wrong(variable: Variable, expected: string, check?: string): void
  /** Whether the variable was wrong. */
  isWrong(variable: Variable): boolean
  readonly mistakes: readonly Mistake[]
}

/**
 * The text of a variable. `HEALTH_TTL_PASS = 60` under `[vars]` of wrangler.toml reaches the function as a number;
 * bindings of other kinds (a service, a KV namespace) are not texts and count as unset, as does a pair of quotes.
 */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return typeof value === 'string' && unwrap(value) !== '' ? value : undefined
}

const howToSet = (variable: string): string =>
  `set it in .dev.vars, with \`wrangler secret put ${variable}\`, or in the environment (Lambda, Node)`

export function createReader(environment: Environment): Reader {
  const mistakes: Mistake[] = []
  const keep = (variable: string, sentence: string, check?: string) =>
    mistakes.push({ variable, sentence, ...(check === undefined ? {} : { check }) })
  return {
    mistakes,
    read(variable, schema, check) {
      const text = textOf(environment[variable])
      if (text === undefined) return undefined
      const value = withoutName(variable, text)
      const parsed = v.safeParse(schema, value, { abortPipeEarly: true })
      if (parsed.success) return parsed.output
      keep(
        variable,
        `${variable}: ${parsed.issues[0].message}, found ${shapeOf(value)}; ${howToSet(variable)}`,
        check,
      )
      return undefined
    },
    wrong: (variable, expected, check) =>
      keep(variable, `${variable}: ${expected}; ${howToSet(variable)}`, check),
    isWrong: (variable) => mistakes.some((mistake) => mistake.variable === variable),
  }
}
