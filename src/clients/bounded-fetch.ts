import { CheckError } from '../core/check.ts'
import { answerTooLarge, maxAnswerBytes } from './answer-size.ts'
import { systemCode } from './system-code.ts'

/** An answer that was read to its end. */
export interface BoundedAnswer {
  readonly status: number
  readonly text: string
  readonly headers: Headers
}

/**
 * `fetch` whose answer is read to its end, up to {@link maxAnswerBytes}, before it is returned, and whose every
 * fault is a typed one: `unreachable` (refused, DNS, TLS, cut off; its message holds the system's code where the
 * platform has one, see {@link systemCode}), `timeout` (the signal), `wrong_answer`
 * (too large, redirected elsewhere).
 *
 * @param init.signal aborts the request and the reading of its body
 * @throws {CheckError}
 */
export async function boundedFetch(
  url: string,
  init: RequestInit & { signal: AbortSignal },
): Promise<BoundedAnswer> {
  try {
    // A redirect would carry the credentials in our headers to another host.
    const response = await fetch(url, { ...init, redirect: 'manual' })
    return { status: response.status, text: await readBounded(response), headers: response.headers }
  } catch (error) {
    if (error instanceof CheckError) throw error
    if (init.signal.aborted)
      throw new CheckError('timeout', 'no answer within the time limit', { cause: error })
    const code = systemCode(error)
    const message = code === undefined ? 'the connection failed' : `the connection failed (${code})`
    throw new CheckError('unreachable', message, { cause: error })
  }
}

async function readBounded(response: Response): Promise<string> {
  const announced = announcedBytes(response.headers)
  if (announced > maxAnswerBytes) throw tooLarge(response.body)
  if (announced >= 0 && !response.headers.has('content-encoding')) return response.text()
  if (!response.body) return ''
  const reader = readerOf(response.body)
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    bytes += value.byteLength
    if (bytes > maxAnswerBytes) throw tooLarge(reader)
    text += decoder.decode(value, { stream: true })
  }
}

/** @param rest the part of the body that is not read */
function tooLarge(rest: { cancel(): Promise<void> } | null): CheckError {
  // Not awaited: a server that never stops sending would keep us waiting.
  rest?.cancel().catch(() => {})
  return answerTooLarge()
}

/**
 * How many bytes will come, or -1 where that is not known. An answer whose length is known needs no reader, which costs
 * workerd 0.1 ms of CPU; but a body that is unpacked becomes longer, and one in chunks may go on after the announced length
 * (https://www.rfc-editor.org/rfc/rfc9112#section-6.3).
 */
function announcedBytes(headers: Headers): number {
  const length = headers.get('content-length') ?? ''
  return headers.has('transfer-encoding') || !/^\d{1,15}$/.test(length) ? -1 : Number(length)
}

/** What one read may bring, in bytes: nearly every answer is smaller. */
const readBytes = 16 * 1024

/**
 * Reads into buffers of our own: without them workerd reads 4 KiB at a time, and each read costs it 0.1 ms of CPU.
 * Bodies of the first releases of Node 20 are not byte streams, so they are read as they come.
 */
function readerOf(
  body: ReadableStream<Uint8Array>,
): Pick<ReadableStreamDefaultReader<Uint8Array>, 'read' | 'cancel'> {
  try {
    const reader = body.getReader({ mode: 'byob' })
    return { read: () => reader.read(new Uint8Array(readBytes)), cancel: () => reader.cancel() }
  } catch {
    return body.getReader()
  }
}

/** What Node's fetch says of a connection that the other end closed before it answered. */
const closedCodes: readonly unknown[] = ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']

/**
 * Whether the connection was closed before any answer came. A request on a kept connection ends this way after the
 * platform had frozen the process, as Lambda does: the server has closed the connection in the meantime. The request may
 * have arrived all the same, because a server that dies between reading and answering looks no different. So only what
 * does no harm when it is done twice may be sent again.
 */
export function closedUnanswered({ cause }: CheckError): boolean {
  // `terminated` is the message where the headers had come and the body broke off.
  if (!(cause instanceof TypeError) || cause.message === 'terminated') return false
  const source = cause.cause
  return source instanceof Error && 'code' in source && closedCodes.includes(source.code)
}
