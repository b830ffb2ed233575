import type { StackFrame } from '@sentry/cloudflare'

/** Reads the frames of a stack, without its first lines: that of the message is one. */
export type StackParser = (stack: string, skipFirstLines?: number) => StackFrame[]

const maxFrames = 50
const line = /^\s*at (?:(?:async )?(.*?) \()?(.*?):(\d+):(\d+)\)?$/

/**
 * The frames of V8's stack text, the outermost call first as Sentry wants them
 * (https://develop.sentry.dev/sdk/data-model/event-payloads/stacktrace/). @sentry/cloudflare has such a parser and keeps it
 * for its own `init`.
 */
export function stackFrames(stack: string, skipFirstLines = 0): StackFrame[] {
  return stack
    .split('\n')
    .slice(skipFirstLines)
    .flatMap((text) => {
      const [, called, file, lineNumber, column] = line.exec(text.slice(0, 1024)) ?? []
      if (file === undefined) return []
      const filename = file.replace(/^file:\/\//, '')
      const position = { lineno: Number(lineNumber), colno: Number(column) }
      return [{ function: called ?? '?', filename, ...position, in_app: !filename.startsWith('node:') }]
    })
    .slice(0, maxFrames)
    .reverse()
}
