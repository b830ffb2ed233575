import process from 'node:process'

/**
 * Calls back for each promise that rejects with nobody to handle it, as a check of the application may leave behind. Node would
 * end the whole server by it (https://nodejs.org/api/process.html#event-unhandledrejection), Workers and Lambda do not.
 *
 * @returns what takes the listener away
 */
export function onLostRejection(act: (reason: unknown) => void): () => void {
  process.on('unhandledRejection', act)
  return () => process.off('unhandledRejection', act)
}
