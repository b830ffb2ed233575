import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type CeleryProcess, startBeat, startWorker } from '../../servers/celery.ts'
import { until } from '../../servers/process.ts'
import { type Broker, startBroker } from './broker.ts'

let broker: Broker
let directory: string
const processes: CeleryProcess[] = []
beforeAll(async () => {
  broker = await startBroker()
  directory = mkdtempSync(join(tmpdir(), 'health-beat-'))
})
afterAll(async () => {
  await Promise.all(processes.map((started) => started.stop()))
  await broker?.close()
  rmSync(directory, { recursive: true, force: true })
})

/** The Python that the documentation tells to add. */
function documentedLines(): string {
  const text = readFileSync(new URL('../../../docs/celery.md', import.meta.url), 'utf8')
  const [, python] = /^```python\n(.*?)^```$/ms.exec(text) ?? []
  if (!python) throw new Error('docs/celery.md has no Python block')
  return python
}

it('is written by the documented lines, with a real beat and worker, and grows stale when the children hang', async () => {
  writeFileSync(join(directory, 'heartbeat_app.py'), `from celery_app import app\n\n${documentedLines()}`)
  const options = {
    redisUrl: broker.redis.url,
    module: 'heartbeat_app',
    pythonPath: directory,
    environment: { REDIS_URL: broker.redis.url },
  }
  const worker = startWorker(options)
  const beat = startBeat({ ...options, stateDirectory: directory })
  processes.push(worker, beat)
  await Promise.all([worker.ready(), beat.ready()])
  expect(await broker.ask({ probe: 'both' })).toMatchObject({
    code: 'no_heartbeat',
    details: { answered: 1 },
  })

  await until('heartbeat', async () => (await broker.ask({ probe: 'both' })).code === 'ok', 90_000)
  const expiry = Number(await broker.redis.command('TTL', 'edge-health:celery'))
  expect(expiry).toBeGreaterThan(3500)
  expect(expiry).toBeLessThanOrEqual(3600)

  worker.freezeChildren()
  const hung = { heartbeatMaxAgeSeconds: 2 }
  await until('stale', async () => (await broker.ask({ probe: 'both', ...hung })).code === 'stale_heartbeat')
  expect((await broker.ask({ probe: 'control' })).code).toBe('ok')
})
