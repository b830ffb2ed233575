/** 128 and the signal's number, as shells report it. */
const exitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const

/**
 * Waits for the signals that people and supervisors end a program with.
 * @returns `code` resolves with the exit code at the first one; the second one ends the process at once
 */
export function onStopSignal(): { readonly code: Promise<number>; forget(): void } {
  let resolve: (code: number) => void = () => {}
  const promise = new Promise<number>((settle) => {
    resolve = settle
  })
  let told = false
  const listeners = Object.entries(exitCodes).map(([name, code]) => {
    const listener = () => {
      if (told) process.exit(code)
      told = true
      resolve(code)
    }
    process.on(name, listener)
    return [name, listener] as const
  })
  return {
    code: promise,
    forget() {
      for (const [name, listener] of listeners) process.off(name, listener)
    },
  }
}
