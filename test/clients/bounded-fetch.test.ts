import { setTimeout } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { maxAnswerBytes } from '../../src/clients/answer-size.ts'
import { boundedFetch } from '../../src/clients/bounded-fetch.ts'
import { systemCode } from '../../src/clients/system-code.ts'
import { CheckError } from '../../src/core/check.ts'
import { freePort } from '../servers/process.ts'
import { makeCertificate, startTlsFront, type TlsFront } from '../servers/tls.ts'
import { answering, serve } from '../support/http.ts'

let front: TlsFront | undefined
afterAll(() => front?.close())
afterEach(() => vi.unstubAllGlobals())

/** What fetching this URL throws. */
async function faultOf(url: string): Promise<CheckError> {
  const fault = await boundedFetch(url, { signal: AbortSignal.timeout(10_000) }).catch(
    (error: unknown) => error,
  )
  if (!(fault instanceof CheckError)) throw new Error(`no typed fault: ${String(fault)}`)
  return fault
}

describe('a connection that fails', () => {
  it('because no server listens says so', async () => {
    expect(await faultOf(`http://127.0.0.1:${await freePort()}`)).toMatchObject({
      code: 'unreachable',
      message: 'the connection failed (ECONNREFUSED)',
    })
  })

  it('because the name does not resolve says so', async () => {
    expect((await faultOf('https://no-such-host.invalid')).message).toMatch(
      /^the connection failed \((ENOTFOUND|EAI_AGAIN)\)$/,
    )
  })

  it('because the certificate is not trusted says so', async () => {
    front = await startTlsFront(await answering(200, '{}'), makeCertificate())
    expect((await faultOf(front.url)).message).toBe('the connection failed (DEPTH_ZERO_SELF_SIGNED_CERT)')
  })

  it('because the other end closes it says so', async () => {
    const url = await serve((request) => request.socket.destroy())
    expect((await faultOf(url)).message).toMatch(/^the connection failed \((UND_ERR_SOCKET|ECONNRESET)\)$/)
  })
})

describe('an answer', () => {
  const long = 'aä€😀'.repeat(20_000)
  const textOf = async (url: string) =>
    (await boundedFetch(url, { signal: AbortSignal.timeout(10_000) })).text

  it('is read as it was sent, when it takes many reads, also where one ends within a character', async () => {
    expect(await textOf(await answering(200, long))).toBe(long)
    const zipped = await serve((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(long)),
    )
    expect(await textOf(zipped)).toBe(long)
  })

  it('is read as it was sent, when a short read follows a long one', async () => {
    const url = await serve(async (_, response) => {
      response.write('long')
      await setTimeout(50)
      response.write('b')
      await setTimeout(50)
      response.end('')
    })
    expect(await textOf(url)).toBe('longb')
  })

  it('is refused when it is packed and too large, however small the packed one is', async () => {
    const bomb = gzipSync('x'.repeat(2 * maxAnswerBytes))
    const headers = { 'content-encoding': 'gzip', 'content-length': String(bomb.length) }
    const url = await serve((_, response) => response.writeHead(200, headers).end(bomb))
    expect(await faultOf(url)).toMatchObject({ code: 'wrong_answer' })
  })

  it('is read up to the bound, and no longer one', async () => {
    const largest = 'x'.repeat(maxAnswerBytes)
    expect(await textOf(await answering(200, largest))).toBe(largest)
    expect(await faultOf(await answering(200, `${largest}x`))).toMatchObject({ code: 'wrong_answer' })
  })

  it('in chunks, whose length nobody announced, is refused when it goes beyond the bound', async () => {
    const url = await serve((_, response) => {
      response.write('x'.repeat(maxAnswerBytes))
      response.end('x')
    })
    expect(await faultOf(url)).toMatchObject({ code: 'wrong_answer' })
  })

  it.each([{}, { 'content-encoding': 'gzip' }])(
    'that is announced as too large is not waited for (%j)',
    async (headers) => {
      const url = await serve((_, response) =>
        response.writeHead(200, { ...headers, 'content-length': String(maxAnswerBytes + 1) }).write('x'),
      )
      const asking = boundedFetch(url, { signal: AbortSignal.timeout(10_000) })
      await expect(asking).rejects.toMatchObject({ code: 'wrong_answer' })
    },
  )

  it('that stops before its announced end is a timeout', async () => {
    const url = await serve((_, response) => response.writeHead(200, { 'content-length': '50' }).write('a'))
    const asking = boundedFetch(url, { signal: AbortSignal.timeout(200) })
    await expect(asking).rejects.toMatchObject({ code: 'timeout' })
  })

  it('is read on a platform whose bodies are not byte streams, as on Node 20.12', async () => {
    const chunks = [...new TextEncoder().encode('aä€😀')].map((byte) => Uint8Array.of(byte))
    const start = (controller: ReadableStreamDefaultController<Uint8Array>) => {
      for (const chunk of chunks) controller.enqueue(chunk)
      controller.close()
    }
    vi.stubGlobal('fetch', async () => new Response(new ReadableStream({ start })))
    expect(await textOf('http://127.0.0.1')).toBe('aä€😀')
  })
})

describe('the code of an error', () => {
  const coded = (code: unknown, cause?: unknown) => Object.assign(new Error('x', { cause }), { code })

  it('is that of the deepest cause that has one', () => {
    expect(systemCode(coded('UND_ERR_SOCKET', coded('ECONNRESET', new Error('deeper'))))).toBe('ECONNRESET')
    expect(systemCode(new CheckError('unreachable', 'x', { cause: coded('ENOTFOUND') }))).toBe('ENOTFOUND')
  })

  it.each([undefined, 42, '', 'planted secret', 'Planted', `E${'X'.repeat(60)}`])('is never %j', (code) => {
    expect(systemCode(coded(code))).toBeUndefined()
  })

  it('is found in a chain that goes in circles', () => {
    const error = coded('ECONNRESET')
    error.cause = error
    expect(systemCode(error)).toBe('ECONNRESET')
  })

  it('is undefined where no error was thrown', () => {
    expect(systemCode('ECONNRESET')).toBeUndefined()
  })
})
