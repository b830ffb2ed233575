import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts'
import { until } from './process.ts'

let target: Server
let proxy: FaultProxy
beforeAll(async () => {
  target = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
      response
        .writeHead(201, { 'x-from': 'target' })
        .end(`${request.method} ${request.url} ${Buffer.concat(chunks)}`)
    })
  })
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve))
  proxy = await startFaultProxy(`http://127.0.0.1:${(target.address() as AddressInfo).port}/sql`)
})
afterEach(async () => {
  await proxy.set(undefined)
  proxy.latencyMs = 0
  proxy.clear()
})
afterAll(async () => {
  await proxy.close()
  target.close()
})

const ask = (signal?: AbortSignal) => fetch(proxy.url, { method: 'POST', body: 'ü', signal: signal ?? null })

it('passes requests and answers on and remembers the requests', async () => {
  const answer = await ask()
  expect([answer.status, answer.headers.get('x-from'), await answer.text()]).toEqual([
    201,
    'target',
    'POST /sql ü',
  ])
  expect(proxy.requests).toMatchObject([{ method: 'POST', path: '/sql', body: 'ü' }])
})

it('refuses connections and takes them again', async () => {
  await proxy.set({ kind: 'refuse' })
  await expect(ask()).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } })
  await proxy.set(undefined)
  expect((await ask()).status).toBe(201)
})

it('stays silent until the client gives up', async () => {
  await proxy.set({ kind: 'silence' })
  await expect(ask(AbortSignal.timeout(100))).rejects.toMatchObject({ name: 'TimeoutError' })
  expect(proxy.requests).toHaveLength(1)
})

it('gives the real answer only when the fault is over', async () => {
  await proxy.set({ kind: 'hold' })
  let isAnswered = false
  const asking = ask().then((answer) => {
    isAnswered = true
    return answer
  })
  await until('the request has come', () => proxy.requests.length === 1)
  expect(isAnswered).toBe(false)
  await proxy.set(undefined)
  expect((await asking).headers.get('x-from')).toBe('target')
})

it('cuts the connection in the middle of the answer', async () => {
  await proxy.set({ kind: 'cut' })
  const answer = await ask()
  expect(answer.status).toBe(201)
  await expect(answer.text()).rejects.toThrow('terminated')
})

it('answers HTML, any status with any body, and any number of bytes', async () => {
  await proxy.set({ kind: 'html' })
  expect(await (await ask()).text()).toContain('<html>')
  await proxy.set({ kind: 'answer', status: 507, body: '{"message":"too large"}', headers: { 'x-a': 'b' } })
  const refused = await ask()
  expect([refused.status, refused.headers.get('x-a'), await refused.text()]).toEqual([
    507,
    'b',
    '{"message":"too large"}',
  ])
  await proxy.set({ kind: 'bytes', bytes: 2_000_000 })
  expect((await (await ask()).arrayBuffer()).byteLength).toBe(2_000_000)
})

it('delays an answer, and adds latency to every trip', async () => {
  const took = async () => {
    const start = performance.now()
    await (await ask()).text()
    return performance.now() - start
  }
  await proxy.set({ kind: 'delay', ms: 150 })
  expect(await took()).toBeGreaterThanOrEqual(149)
  await proxy.set(undefined)
  proxy.latencyMs = 100
  expect(await took()).toBeGreaterThanOrEqual(99)
})
