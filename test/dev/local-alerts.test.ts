import { describe, expect, it, onTestFinished } from 'vitest'
import { serveHttp } from '../../src/dev/http-service.ts'
import { startLocalAlerts } from '../../src/dev/local-alerts.ts'
import { switchable } from '../../src/dev/switchable.ts'
import type { AlertEvent, AlertKind } from '../../src/notify/alerts/alert.ts'
import { webhookChannel } from '../../src/notify/alerts/channels.ts'

const secret = 'planted-webhook-secret'

const event = (kind: AlertKind): AlertEvent => ({
  kind,
  id: `database/1/${kind}`,
  since: 1_795_340_000_000,
  at: 1_795_340_038_000,
  done: [],
  notified: [],
  check: 'database',
  service: 'health-check',
  releaseBefore: '',
  findings: [],
  last: {
    check: 'database',
    at: 1_795_340_038_000,
    status: kind === 'resolved' ? 'pass' : 'fail',
    code: kind === 'resolved' ? 'ok' : 'unreachable',
    output: kind === 'resolved' ? 'database ok' : 'database cannot be reached',
    responseMs: 1,
    release: '',
    isMaintenance: false,
    causedBy: '',
  },
})

async function receiver(database?: Parameters<typeof startLocalAlerts>[0]['database']) {
  const printed: string[] = []
  const service = await startLocalAlerts({ secret, print: (line) => printed.push(line), database })
  onTestFinished(() => service.close())
  const post = async (path: string, body = '', headers: Record<string, string> = {}) =>
    (await fetch(`${service.url}${path}`, { method: 'POST', body, headers })).status
  const send = async (kind: AlertKind, by = secret) => {
    const { body, headers } = await webhookChannel(service.url, by, Date.now).request(event(kind))
    return post('/alerts', body, headers)
  }
  return { printed, post, send, url: service.url }
}

describe('what prints alerts at the terminal', () => {
  it('prints each signed alert as one line', async () => {
    const { printed, send } = await receiver()
    for (const kind of ['fired', 'reminder', 'flapping', 'resolved'] as const)
      expect(await send(kind)).toBe(200)
    expect(printed).toEqual([
      'alert: database fails: database cannot be reached (unreachable)',
      'alert: database still fails: database cannot be reached (unreachable)',
      'alert: database changes all the time: database cannot be reached (unreachable)',
      'alert: database works again after 38 s: database ok (ok)',
    ])
  })

  it('prints nothing that is not signed', async () => {
    const { printed, send, post, url } = await receiver()
    expect(await send('fired', 'another-secret-of-somebody')).toBe(401)
    expect(await post('/alerts', '{}')).toBe(401)
    expect(await post('/alerts', '{}', { 'x-edge-health-signature': 't=1,v1=00' })).toBe(401)
    expect((await fetch(`${url}/alerts`)).status).toBe(405)
    expect(await post('/database/stop')).toBe(404)
    expect(printed).toEqual([])
  })

  it('stops and starts a service at the same address, as often as it is asked', async () => {
    const { url, power, close } = await switchable((port) =>
      serveHttp(async () => ({ status: 200, body: 'here' }), port),
    )
    onTestFinished(() => close())
    const { post } = await receiver(power)
    const isThere = () =>
      fetch(url).then(
        (answer) => answer.status === 200,
        () => false,
      )
    expect(await isThere()).toBe(true)
    for (const way of ['stop', 'stop']) expect(await post(`/database/${way}`)).toBe(200)
    expect(await isThere()).toBe(false)
    for (const way of ['start', 'start']) expect(await post(`/database/${way}`)).toBe(200)
    expect(await isThere()).toBe(true)
    await close()
    expect(await isThere()).toBe(false)
  })
})
