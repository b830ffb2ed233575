/** The server on Node, as a process that is really started, asked and stopped. */
import { once } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Check } from '../src/index.ts'
import { serve } from '../src/node.ts'
import { until } from './servers/process.ts'
import { type ServerProcess, startServerProcess } from './servers/server-process.ts'

const running: ServerProcess[] = []
afterEach(async () => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  await Promise.all(running.splice(0).map((server) => server.close()))
})

async function start(environment: Record<string, string> = {}): Promise<ServerProcess> {
  const command = [process.execPath, 'test/runtimes/node-slow.ts']
  const server = await startServerProcess(command, { HEALTH_CHECKS: 'slow', ...environment })
  running.push(server)
  return server
}

const exitOf = async ({ child }: ServerProcess) => {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  return child.exitCode ?? child.signalCode
}
const asked = (server: ServerProcess) =>
  until('the check is asked', () => server.lines().some(({ message }) => message === 'asked'))

describe('the server on Node', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'ends the answers under way at %s, then exits with 0',
    async (signal) => {
      const server = await start()
      const answer = fetch(`${server.url}/health-check`)
      await asked(server)
      server.child.kill(signal)
      const response = await answer
      expect(response.status).toBe(200)
      expect(await response.json()).toMatchObject({ results: [{ checker: 'slow', code: 'ok' }] })
      expect(await exitOf(server)).toBe(0)
    },
  )

  it('takes no new connection while it stops', async () => {
    const server = await start()
    const answer = fetch(`${server.url}/health-check`)
    await asked(server)
    server.child.kill('SIGTERM')
    await until('it stops', () => server.lines().some(({ message }) => message === 'stopping'))
    const late = connect(Number(new URL(server.url).port), '127.0.0.1')
    const [error] = await once(late, 'error')
    expect(error).toMatchObject({ code: 'ECONNREFUSED' })
    expect((await answer).status).toBe(200)
  })

  it('does not wait for a connection that is kept alive after its last answer', async () => {
    const server = await start()
    const agent = new Agent({ keepAlive: true })
    const [response] = (await once(get(`${server.url}/health-check/live`, { agent }), 'response')) as [
      IncomingMessage,
    ]
    expect(JSON.parse(await text(response))).toMatchObject({ status: 'success' })
    server.child.kill('SIGTERM')
    expect(await exitOf(server)).toBe(0)
    agent.destroy()
  })

  it('goes on when a check leaves a rejected promise behind, and says so without a secret', async () => {
    const server = await start({ HEALTH_CHECKS: 'careless', HEALTH_TOKEN: 'planted-secret-of-the-tests' })
    for (let answer = 0; answer < 2; answer++) {
      expect((await fetch(`${server.url}/health-check`)).status).toBe(200)
      await until('it is logged', () =>
        server.lines().some(({ reason }) => /lost, with/.test(String(reason))),
      )
    }
    expect(JSON.stringify(server.lines())).not.toContain('planted-secret')
    server.child.kill('SIGTERM')
    expect(await exitOf(server)).toBe(0)
  })

  it('ends at once at the second signal', async () => {
    const server = await start()
    const answer = fetch(`${server.url}/health-check`).then(
      () => 'answered',
      () => 'broken off',
    )
    await asked(server)
    server.child.kill('SIGTERM')
    await until('it stops', () => server.lines().some(({ message }) => message === 'stopping'))
    server.child.kill('SIGTERM')
    expect(await exitOf(server)).toBe('SIGTERM')
    expect(await answer).toBe('broken off')
  })

  it('answers with the name of the machine and the release of the environment', async () => {
    const server = await start({ SENTRY_RELEASE: '4f2a91c', HEALTH_HOSTNAME: 'health-0' })
    const response = await fetch(`${server.url}/health-check/live`)
    expect(await response.json()).toMatchObject({ hostname: 'health-0', release: '4f2a91c' })
  })

  it('answers a host that is not one in JSON', async () => {
    const server = await start()
    const { port } = new URL(server.url)
    const request = get({ host: '127.0.0.1', port, path: '/health-check', headers: { host: 'a b' } })
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    expect(response.statusCode).toBe(400)
    expect(JSON.parse(await text(response))).toMatchObject({ code: 'bad_request' })
  })

  it('says in one sentence that its port is taken, or is not one', async () => {
    const { url } = await start()
    const PORT = new URL(url).port
    await expect(start({ PORT })).rejects.toThrow(`Port ${PORT} cannot be listened on (EADDRINUSE)`)
    await expect(start({ PORT: 'http' })).rejects.toThrow('PORT: expected a number from 0 to 65535')
  })
})

describe('the cron of the server', () => {
  const shop: Check = {
    name: 'shop',
    run: () => ({ status: 'pass', code: 'ok', output: 'the shop is open' }),
  }
  const options = { port: 0, environment: { HEALTH_CHECKS: 'shop' }, checks: [shop] }
  const cronRuns = () =>
    vi.mocked(console.log).mock.calls.filter(([line]) => JSON.parse(line)['message'] === 'cron run').length

  it.each([
    [undefined, 16, 1],
    ['rate(5 minutes)', 16, 3],
    [false as const, 60, 0],
  ])('with the schedule %s has run after %i minutes %i times', async (schedule, minutes, expected) => {
    vi.spyOn(console, 'log').mockImplementation(() => {})
    vi.useFakeTimers({
      toFake: ['Date', 'setTimeout', 'clearTimeout'],
      now: Date.parse('2026-11-26T02:00:01Z'),
    })
    const server = await serve({ ...options, ...(schedule !== undefined && { schedule }) })
    await vi.advanceTimersByTimeAsync(minutes * 60_000)
    expect(cronRuns()).toBe(expected)
    vi.useRealTimers()
    await server.close()
  })

  it('ends with the server, and its listeners with it', async () => {
    vi.spyOn(console, 'log').mockImplementation(() => {})
    const before = process.listenerCount('SIGTERM')
    const server = await serve(options)
    expect(process.listenerCount('SIGTERM')).toBe(before + 1)
    await Promise.all([server.close(), server.close()])
    expect(process.listenerCount('SIGTERM')).toBe(before)
    await expect(fetch(`http://127.0.0.1:${server.port}/health-check`)).rejects.toThrow()
  })

  it('is refused when its schedule is not one, before anything listens', async () => {
    await expect(serve({ ...options, schedule: 'hourly' })).rejects.toThrow('The schedule is "hourly"')
  })
})
