import type { Fault, Repair } from './fault.ts'
import type { TestEnvironment } from './test-environment.ts'

export const workerFaults: readonly Fault[] = [
  {
    name: 'all Celery workers frozen',
    status: 503,
    codes: { celery: 'no_reply' },
    inject: (testEnvironment) => freezeWorkers(testEnvironment, 3),
  },
  {
    name: 'one of three Celery workers frozen',
    status: 200,
    codes: { celery: 'silent_worker' },
    inject: (testEnvironment) => freezeWorkers(testEnvironment, 1),
  },
  {
    name: 'all Celery workers dead',
    status: 503,
    codes: { celery: 'no_workers' },
    disturbsWorkers: true,
    inject: (testEnvironment) => killWorkers(testEnvironment, 3),
  },
  {
    name: 'one of three Celery workers dead',
    status: 200,
    codes: {},
    disturbsWorkers: true,
    inject: (testEnvironment) => killWorkers(testEnvironment, 1),
  },
  {
    name: 'one of three Celery workers dead, three expected',
    status: 503,
    codes: { celery: 'too_few_workers' },
    disturbsWorkers: true,
    variables: () => ({ CELERY_EXPECTED_WORKERS: '3' }),
    inject: (testEnvironment) => killWorkers(testEnvironment, 1),
  },
]

async function freezeWorkers({ workers }: TestEnvironment, count: number): Promise<Repair> {
  workers.freeze(count)
  return () => workers.thaw()
}

async function killWorkers({ workers }: TestEnvironment, count: number): Promise<Repair> {
  await workers.kill(count)
  return () => {}
}
