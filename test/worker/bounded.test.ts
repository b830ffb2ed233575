/** How workerd reads answers of which the headers promise something else than what comes. */
import { createServer, type Server, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorkerd, type WorkerdServer } from '../servers/workerd.ts'

const mebibyte = Buffer.alloc(1024 * 1024, 'x')
const chunked = Buffer.concat([Buffer.from('100000\r\n'), mebibyte, Buffer.from('\r\n')])
const packed = gzipSync(Buffer.concat([mebibyte, mebibyte]))

/** What the server sends, by path; it ends the connection unless there is more to wait for. */
const answers: Readonly<Record<string, { head: string; body: (string | Buffer)[]; endless?: true }>> = {
  '/small': { head: 'content-length: 5', body: ['small'] },
  '/longer-than-it-says': { head: 'content-length: 5', body: ['small', mebibyte, mebibyte] },
  '/chunked': {
    head: 'transfer-encoding: chunked\r\ncontent-length: 5',
    body: [chunked, chunked, '0\r\n\r\n'],
  },
  '/chunked-after-all': {
    head: 'content-length: 5\r\ntransfer-encoding: chunked',
    body: [chunked, chunked, '0\r\n\r\n'],
  },
  '/packed': { head: `content-encoding: gzip\r\ncontent-length: ${packed.length}`, body: [packed] },
  '/large': { head: `content-length: ${2 * mebibyte.length}`, body: [mebibyte, mebibyte] },
  '/without-length': { head: 'connection: close', body: [mebibyte, mebibyte] },
  '/cut-off': { head: 'content-length: 50', body: ['small'] },
  '/without-an-end': { head: 'content-length: 50', body: ['small'], endless: true },
}

function answer(socket: Socket): void {
  socket.on('error', () => {})
  socket.once('data', (request) => {
    const found = answers[request.toString().split(' ')[1] ?? '']
    if (!found) throw new Error(`no answer to ${request.toString()}`)
    socket.write(`HTTP/1.1 200 OK\r\n${found.head}\r\n\r\n`)
    for (const part of found.body) socket.write(part)
    if (!found.endless) socket.end()
  })
}

let server: Server
let worker: WorkerdServer
beforeAll(async () => {
  server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  worker = await startWorkerd({ entry: 'test/worker/bounded-worker.ts' })
})
afterAll(async () => {
  await worker?.close()
  server?.close()
})

it.each([
  ['/small', { text: 'small' }],
  ['/longer-than-it-says', { text: 'small' }],
  ['/chunked', { code: 'wrong_answer' }],
  ['/chunked-after-all', { code: 'wrong_answer' }],
  ['/packed', { code: 'wrong_answer' }],
  ['/large', { code: 'wrong_answer' }],
  ['/without-length', { code: 'wrong_answer' }],
  ['/cut-off', { code: 'unreachable' }],
  ['/without-an-end', { code: 'timeout' }],
])('an answer from %s is %j', async (path, expected) => {
  const { port } = server.address() as { port: number }
  const target = encodeURIComponent(`http://127.0.0.1:${port}${path}`)
  const ms = answers[path]?.endless ? 500 : 60_000
  const response = await fetch(`${worker.url}/?ms=${ms}&url=${target}`)
  expect(await response.json()).toEqual(expected)
})
