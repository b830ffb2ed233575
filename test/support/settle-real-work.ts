import { onTestFinished, vi } from 'vitest'
import { settle } from './fake-clock.ts'

/**
 * WebCrypto works on threads of its own, and an HTTP request on the network: both in real time. On a clock that stands still
 * nothing may move on meanwhile. A server that never answers is waited for until the limits of the real time are over.
 *
 * @returns resolves when no operation of WebCrypto and no `fetch` is under way, and what waited for it has gone on
 */
export function watchRealWork(): () => Promise<void> {
  let underWay = 0
  const counted = async <Value>(work: Promise<Value>): Promise<Value> => {
    underWay += 1
    try {
      return await work
    } finally {
      underWay -= 1
    }
  }
  for (const name of ['importKey', 'sign', 'digest'] as const) {
    const real = crypto.subtle[name].bind(crypto.subtle) as (...args: unknown[]) => Promise<unknown>
    const spy = vi
      .spyOn(crypto.subtle, name)
      .mockImplementation(((...args: unknown[]) => counted(real(...args))) as typeof crypto.subtle.sign &
        typeof crypto.subtle.importKey)
    onTestFinished(() => spy.mockRestore())
  }
  const realFetch = globalThis.fetch
  const spy = vi
    .spyOn(globalThis, 'fetch')
    .mockImplementation((...args) => counted(whole(realFetch(...args))))
  onTestFinished(() => spy.mockRestore())
  return async () => {
    do await settle()
    while (underWay > 0)
  }
}

/** The answer with its body already here, so that nothing real is left to wait for. */
async function whole(asking: Promise<Response>): Promise<Response> {
  const { status, headers, body } = await asking
  return new Response(body && (await new Response(body).arrayBuffer()), { status, headers })
}
