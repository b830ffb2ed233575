import { afterEach, expect, test } from 'vitest'
import { attempt } from '../../../src/cli/smoke/attempt.ts'
import { readSmokeOptions } from '../../../src/cli/smoke/options.ts'
import { judge } from '../../../src/cli/smoke/verdict.ts'
import { freePort } from '../../servers/process.ts'
import { fakeDeployment } from './fake-deployment.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

async function deployment(...script: Parameters<typeof fakeDeployment>) {
  const started = await fakeDeployment(...script)
  closers.push(started.close)
  return started
}

const ask = (url: string, headers = new Headers(), timeoutMs = 5000) =>
  attempt(new URL(url), headers, timeoutMs)

test('a port where nobody listens is not an answer', async () => {
  expect(await ask(`http://127.0.0.1:${await freePort()}`)).toEqual({
    kind: 'no_answer',
    reason: 'the connection is refused',
  })
})

test('a server that accepts and never answers is given up', async () => {
  const { url } = await deployment(() => undefined)
  expect(await ask(url, new Headers(), 60)).toEqual({ kind: 'no_answer', reason: 'no answer within 0.1 s' })
})

test('a server that sends a body without end is given up', async () => {
  const { url } = await deployment((_request, response) => {
    response.writeHead(200).write('{')
    return undefined
  })
  expect(await ask(url, new Headers(), 60)).toMatchObject({ kind: 'no_answer' })
})

test('an answer of 2 MiB is not read to its end', async () => {
  const { url } = await deployment(() => ({ status: 200, body: 'x'.repeat(2 * 1024 * 1024) }))
  expect(await ask(url)).toEqual({
    kind: 'no_answer',
    reason: 'an answer that is not read: larger than 1048576 bytes',
  })
})

test('a connection that is cut off in the middle is not an answer', async () => {
  const { url } = await deployment((_request, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('{')
    setTimeout(() => response.destroy(), 20)
    return undefined
  })
  expect(await ask(url)).toEqual({ kind: 'no_answer', reason: 'the connection was cut off' })
})

test('plain HTTP where TLS is expected is not an answer, and names no address', async () => {
  const { url } = await deployment(() => ({ status: 200, body: '' }))
  const observation = await ask(url.replace('http:', 'https:'))
  expect(observation).toMatchObject({ kind: 'no_answer' })
  expect(JSON.stringify(observation)).not.toContain('127.0.0.1')
})

test('a redirect is not followed: the token would travel with it', async () => {
  const elsewhere = await deployment(() => ({ status: 200, body: '' }))
  const { url } = await deployment(() => ({ status: 302, body: '', headers: { location: elsewhere.url } }))
  const observation = await ask(url, new Headers({ authorization: 'Bearer 0123456789abcdef' }))
  expect(judge(observation, { checks: [] })).toMatchObject({
    kind: 'unreachable',
    reason: expect.stringContaining('redirect'),
  })
  expect(elsewhere.requests).toHaveLength(0)
})

test('every attempt makes a connection of its own, so that another machine may answer', async () => {
  const ports = new Set<number | undefined>()
  const { url } = await deployment((request) => {
    ports.add(request.socket.remotePort)
    return { status: 200, body: '' }
  })
  const { headers } = readSmokeOptions({
    url,
    timeout: '1s',
    interval: '1s',
    consecutive: '1',
    check: [],
    header: [],
  })
  for (let i = 0; i < 3; i++) await ask(url, headers)
  expect(ports.size).toBe(3)
})
