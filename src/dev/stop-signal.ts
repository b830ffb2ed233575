/** 128 and the signal's number, as shells report it. */
const exitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const

/** How often npm is looked for, in ms. */
const parentIntervalMs = 250

/**
 * Waits for the signals that people and supervisors end a program with. Under npm its death is one, too: npm passes
 * SIGTERM on to the shell between us, which ends by it and prints nothing.
 * @returns `code` resolves with the exit code at the first one; the second one ends the process at once
 */
export function onStopSignal(): { readonly code: Promise<number>; forget(): void } {
  let resolve: (code: number) => void = () => {}
  const promise = new Promise<number>((settle) => {
    resolve = settle
  })
  let signalled = false
  const listeners = Object.entries(exitCodes).map(([name, code]) => {
    const listener = () => {
      if (signalled) process.exit(code)
      signalled = true
      resolve(code)
    }
    process.on(name, listener)
    return [name, listener] as const
  })
  const timer = process.env['npm_lifecycle_event'] ? onOrphaned(() => resolve(exitCodes.SIGTERM)) : undefined
  return {
    code: promise,
    forget() {
      clearInterval(timer)
      for (const [name, listener] of listeners) process.off(name, listener)
    },
  }
}

function onOrphaned(act: () => void): NodeJS.Timeout {
  const parent = process.ppid
  return setInterval(() => process.ppid !== parent && act(), parentIntervalMs)
}
