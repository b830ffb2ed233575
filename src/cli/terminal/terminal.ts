import { stripVTControlCharacters, styleText } from 'node:util'

type Format = Parameters<typeof styleText>[0]

/** What is printed for people: plain text that is decorated only where that is wanted. */
export type Paint = (format: Format, text: string) => string

/** Colours only on a terminal, and never with NO_COLOR (https://no-color.org: set and not empty). */
export function wantsColours(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv = process.env): boolean {
  return Boolean(stream.isTTY) && !env['NO_COLOR'] && env['TERM'] !== 'dumb'
}

/** Decoration for the stream, or none at all. */
export function painter(stream: NodeJS.WriteStream): Paint {
  if (!wantsColours(stream)) return (_format, text) => text
  return (format, text) => styleText(format, text, { validateStream: false })
}

/** Longer texts from elsewhere are cut, in characters. */
const maxLength = 2000

/**
 * Text from elsewhere made harmless: one line, not endless, without what would drive the terminal, and without what GitHub's
 * runner takes for a command (`##[` anywhere, `::` at a line's start, actions/runner src/Runner.Common/ActionCommand.cs).
 */
export function harmless(text: string): string {
  return (
    stripVTControlCharacters(text.slice(0, maxLength))
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
      .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
      .replaceAll('##[', '## [')
      .replace(/^\s*::/, ': :')
      .trim()
  )
}

/** A reader that went away (`| head`) does not stop the command: the exit code still has to be the right one. */
export function ignoreClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
  }
}

/** Ctrl-C ends the command with the code that shells know it by: 130; SIGTERM with 143. */
export function exitOnInterrupt(): void {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.once(signal, () => process.exit(code))
  }
}
