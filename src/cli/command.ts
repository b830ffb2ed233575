import { Command } from 'commander'
import { assertOptionValues } from './option-values.ts'

/** What there is to say of a command. */
interface CommandTexts {
  readonly description: string
  /** Packages that it needs and that are not installed with this one. */
  readonly needs?: readonly string[]
  /** Command lines for the end of the help, as people would type them. */
  readonly examples: readonly string[]
  /** What the exit codes mean, for the end of the help. */
  readonly exitCodes: readonly string[]
}

/** One command of the bin. Its action sets `process.exitCode`. */
export class CliCommand extends Command {
  readonly needs: readonly string[]

  constructor(name: string, { description, needs = [], examples, exitCodes }: CommandTexts) {
    super(name)
    this.needs = needs
    this.description(description)
    this.addHelpText('after', `\n${section('EXAMPLES', examples)}\n\n${section('EXIT CODES', exitCodes)}`)
  }

  override parseOptions(argv: string[]): ReturnType<Command['parseOptions']> {
    assertOptionValues(argv, this.options)
    return super.parseOptions(argv)
  }
}

const section = (title: string, lines: readonly string[]): string =>
  [title, '', ...lines.map((line) => `  ${line}`)].join('\n')
