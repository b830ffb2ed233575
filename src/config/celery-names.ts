/**
 * How an installation of Celery may name things, for the control probe.
 * @module
 */
import * as v from 'valibot'
import { commaList, line } from './values.ts'

/** `sep` of `broker_transport_options`; the check does not learn a longer one from the workers' registry. */
export const separatorText = v.pipe(line, v.maxBytes(16, 'expected at most 16 bytes'))

/**
 * Workers listen to a pattern that they make of these names (`Channel._subscribe` in `kombu/transport/redis.py`), which
 * brackets and backslashes keep from matching itself; and kombu cuts a prefix off by characters where it has bytes.
 * Celery's own `inspect` does not find such a worker either. A worker ends when it gets a request, from any program, on an
 * exchange with a slash (`Channel._receive_one` takes what is before the slash for the name).
 */
const instead =
  "where workers are asked, since Celery's own inspect finds none with others: set CELERY_PROBE=heartbeat"
export const keyPrefixText = v.pipe(
  line,
  v.regex(/^[\x20-\x5a\x5d-\x7e]*$/, `expected ASCII without [ and \\ ${instead}`),
)
export const exchangeText = v.pipe(
  line,
  v.regex(/^[^[\\/]*$/, `expected a name without [, \\ and / ${instead}`),
)

/** Each step costs a command for each queue. */
const maxSteps = 32
const isPrioritySteps = (words: string[]) =>
  words.length <= maxSteps && words.every((word) => /^\d{1,3}$/.test(word))
/** `priority_steps` of `broker_transport_options`. */
export const prioritySteps = v.pipe(
  commaList,
  v.check(isPrioritySteps, `expected at most ${maxSteps} whole numbers from 0 to 999, separated by commas`),
  v.transform((words) => [...new Set(words.map(Number))]),
)
