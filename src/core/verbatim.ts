/** The same symbol in every copy of this package: the command and a check of an application need not have the same one. */
const mark: unique symbol = Symbol.for('edge-health-check.verbatim')

/**
 * A text of the details that must reach its reader as it is, such as a statement that a person may run. The scrub leaves
 * its URLs, addresses and passwords alone, which are the application's own definitions, and removes only the secrets of
 * this function's configuration.
 *
 * @example
 * { expected: new Verbatim("CHECK ((website ~~ 'https://%'::text))") }
 */
export class Verbatim {
  readonly [mark] = true
  readonly text: string
  /** Stands in the details, in the place of this text and under a name of its own, where a secret would be removed from it. */
  readonly orElse: Readonly<Record<string, string>> | undefined

  constructor(text: string, orElse?: Readonly<Record<string, string>>) {
    this.text = text
    this.orElse = orElse
  }

  toJSON(): string {
    return this.text
  }
}

/** Throws what a getter of the value throws. */
export const isVerbatim = (value: unknown): value is Verbatim =>
  typeof value === 'object' && value !== null && Reflect.get(value, mark) === true
