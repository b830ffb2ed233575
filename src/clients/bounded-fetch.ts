import { Failure } from '../check.ts'

/** The largest answer that is read from any dependency, in bytes: more is a wrong answer, not a reason to run out of memory. */
export const maxAnswerBytes = 1024 * 1024

/**
 * `fetch` whose answer is read whole, up to {@link maxAnswerBytes}, before it is returned, and whose every
 * fault is a typed one: `unreachable` (refused, DNS, TLS, cut off), `timeout` (the signal), `wrong_answer`
 * (too large, redirected elsewhere).
 *
 * @param init.signal aborts the request and the reading of its body
 * @throws {Failure}
 */
export async function boundedFetch(
  url: string,
  init: RequestInit & { signal: AbortSignal },
): Promise<{ status: number; text: string }> {
  try {
    // A redirect would carry the credentials in our headers to another host.
    const response = await fetch(url, { ...init, redirect: 'manual' })
    return { status: response.status, text: await readBounded(response) }
  } catch (error) {
    if (error instanceof Failure) throw error
    if (init.signal.aborted) throw new Failure('timeout', 'no answer within the time limit', { cause: error })
    throw new Failure('unreachable', 'the connection failed', { cause: error })
  }
}

async function readBounded(response: Response): Promise<string> {
  if (!response.body) return ''
  const reader = response.body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    bytes += value.byteLength
    if (bytes > maxAnswerBytes) {
      // Not awaited: a server that keeps sending could keep us here.
      reader.cancel().catch(() => {})
      throw new Failure('wrong_answer', `the answer is larger than ${maxAnswerBytes} bytes`)
    }
    text += decoder.decode(value, { stream: true })
  }
}
