import process from 'node:process'

const signals = ['SIGTERM', 'SIGINT'] as const

/**
 * Calls back once, at the first signal that people and supervisors end a server with. The second one ends the process at once,
 * as it would without us.
 *
 * @returns what takes the listeners away
 */
export function onStopSignal(stop: (signal: NodeJS.Signals) => void): () => void {
  const forget = () => {
    for (const signal of signals) process.off(signal, first)
  }
  const first = (signal: NodeJS.Signals) => {
    forget()
    stop(signal)
  }
  for (const signal of signals) process.on(signal, first)
  return forget
}
