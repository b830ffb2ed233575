import { expect, it } from 'vitest'
import { celeryCheck } from '../../../src/checks/celery/check.ts'
import { settingsFor } from './broker.ts'

it('depends on the redis check only when the same Redis is asked', () => {
  const elsewhere = { url: 'http://broker.invalid', token: 'other' }
  const same = settingsFor({ url: 'http://redis.invalid', token: 'token' })
  expect(celeryCheck(same)).toMatchObject({ name: 'celery', dependsOn: 'redis' })
  expect(celeryCheck({ ...same, connection: elsewhere })).not.toHaveProperty('dependsOn')
  expect(celeryCheck({ ...same, connection: elsewhere, probe: 'both' })).not.toHaveProperty('dependsOn')
  expect(celeryCheck({ ...same, connection: elsewhere, probe: 'heartbeat' })).toHaveProperty('dependsOn')
})
