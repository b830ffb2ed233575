import { expect, it, onTestFinished } from 'vitest'
import { startLocalStore } from '../../src/cli/start/local-store.ts'
import type { StandIn } from '../../src/dev/stand-in.ts'

const standIn = (kind: StandIn['kind']): StandIn => ({
  kind,
  description: '',
  variables: { UPSTASH_REDIS_REST_URL: 'http://127.0.0.1:1', UPSTASH_REDIS_REST_TOKEN: 'local-token' },
  ready: Promise.resolve(),
  close: async () => {},
})

async function storeOf(redis: StandIn['kind'], environment: Record<string, string> = {}) {
  const stack = { redis: standIn(redis), database: standIn('real') }
  const store = await startLocalStore(stack, environment, () => {})
  onTestFinished(() => store.close())
  return store
}

it('a Redis of somebody else gets no results of this machine, and nobody is woken', async () => {
  const { variables, welcome } = await storeOf('real', { ALERT_SLACK_URL: 'https://hooks.slack.example/x' })
  expect(variables).toMatchObject({ HEALTH_STORE: 'off', ALERT_SLACK_URL: '', ALERT_PAGERDUTY_KEY: '' })
  expect(welcome).toEqual([])
})

it('who sets HEALTH_STORE decides alone', async () => {
  for (const redis of ['real', 'embedded'] as const) {
    expect((await storeOf(redis, { HEALTH_STORE: 'redis' })).variables).toEqual({})
  }
})

it('only an embedded database can be stopped', async () => {
  const { variables, welcome } = await storeOf('embedded')
  expect(variables).toMatchObject({ HEALTH_STORE: 'redis', ALERT_SLACK_URL: '' })
  expect(welcome.join('\n')).toContain(' node src/cli/main.ts history')
  expect(welcome.join('\n')).not.toContain('/database/')
})
