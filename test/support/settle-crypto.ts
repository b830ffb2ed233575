import { onTestFinished, vi } from 'vitest'
import { settle } from './fake-clock.ts'

/**
 * WebCrypto works on threads of its own, in real time. On a clock that stands still nothing may move on meanwhile.
 *
 * @returns resolves when no operation of WebCrypto is under way, and what waited for it has gone on
 */
export function watchCrypto(): () => Promise<void> {
  let underWay = 0
  for (const name of ['importKey', 'sign', 'digest'] as const) {
    const real = crypto.subtle[name].bind(crypto.subtle) as (...args: unknown[]) => Promise<unknown>
    const spy = vi.spyOn(crypto.subtle, name).mockImplementation((async (...args: unknown[]) => {
      underWay += 1
      try {
        return await real(...args)
      } finally {
        underWay -= 1
      }
    }) as typeof crypto.subtle.sign & typeof crypto.subtle.importKey)
    onTestFinished(() => spy.mockRestore())
  }
  return async () => {
    do await settle()
    while (underWay > 0)
  }
}
