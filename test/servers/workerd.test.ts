import { afterEach, expect, it } from 'vitest'
import { startFaultProxy } from './fault-proxy.ts'
import { until } from './process.ts'
import { startWorkerd, type WorkerdServer } from './workerd.ts'

const entry = 'test/servers/fixtures/echo-worker.ts'
let server: WorkerdServer
afterEach(() => server?.close())

it('runs a Worker with its bindings and lets it reach this machine', async () => {
  const text = 'quotes " and \\ and é, a line\nbreak and \u0001'
  server = await startWorkerd({ entry, bindings: { TEXT: text, CF_VERSION_METADATA: { id: 'abc' } } })
  const proxy = await startFaultProxy(server.url)
  await proxy.set({ kind: 'answer', status: 200, body: 'reached' })
  const answer = await fetch(`${server.url}/?ask=${proxy.url}`)
  expect(await answer.json()).toEqual({
    environment: { TEXT: text, CF_VERSION_METADATA: { id: 'abc' } },
    asked: 'reached',
  })
  await proxy.close()
})

it('fires the scheduled handler and tells how it ended', async () => {
  server = await startWorkerd({ entry })
  expect(await server.fireScheduled('*/5 * * * *')).toMatchObject({ outcome: 'ok' })
  expect(await (await fetch(server.url)).json()).toMatchObject({ fired: '*/5 * * * *' })
  expect(await server.fireScheduled('throw')).toMatchObject({ outcome: 'exception' })
  await until('the log arrives', () => server.output().includes('fired */5 * * * *'))
})

it('ends although a request hangs, and frees its port', async () => {
  server = await startWorkerd({ entry })
  const hanging = fetch(`${server.url}/hang`).catch(() => 'cut')
  await fetch(server.url)
  await server.close()
  expect(await hanging).toBe('cut')
  await expect(fetch(server.url)).rejects.toThrow()
})

it('says what workerd said when the Worker cannot be started', async () => {
  await expect(startWorkerd({ entry: 'test/servers/fixtures/broken-worker.js' })).rejects.toThrow(
    /workerd ended with code 1: [\s\S]*broken on purpose/,
  )
})
