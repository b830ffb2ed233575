/**
 * The reason with which what has ended aborts its I/O and its timers. Made once: an exception of its own for each abort, with
 * its stack, costs more than the abort.
 */
export const ended = new DOMException('it has ended', 'AbortError')
