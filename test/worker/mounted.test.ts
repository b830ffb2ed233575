import { expect, it } from 'vitest'
import { until } from '../servers/process.ts'
import { startWorkerd } from '../servers/workerd.ts'
import { startStack } from '../support/stack.ts'
import { unhurried } from '../support/unhurried.ts'

it('a Worker of an application has the health check at a path of its own, on its bindings and its cron', async () => {
  const stack = await startStack()
  const bindings = {
    ...unhurried,
    ...stack.environment,
    HEALTH_CHECKS: 'database,redis',
    SHOP_NAME: 'Corner',
  }
  const worker = await startWorkerd({ entry: 'test/worker/mounted-worker.ts', bindings })
  try {
    expect(await (await fetch(`${worker.url}/`)).text()).toBe('Corner')
    const response = await fetch(`${worker.url}/internal/health-check`)
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({
      hostname: 'health-check',
      results: [
        { checker: 'database', code: 'ok' },
        { checker: 'redis', code: 'ok' },
      ],
    })
    expect((await fetch(`${worker.url}/health-check`)).status).toBe(404)
    expect(await worker.fireScheduled()).toMatchObject({ outcome: 'ok' })
    await until('a line of the cron run', () => worker.output().includes('cron run'))
  } finally {
    await worker.close()
    await stack.close()
  }
})
