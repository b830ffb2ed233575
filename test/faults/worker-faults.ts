import type { Fault, Mend } from './fault.ts'
import type { TestEnvironment } from './test-environment.ts'

export const workerFaults: readonly Fault[] = [
  {
    name: 'all Celery workers frozen',
    status: 503,
    codes: { celery: 'no_reply' },
    inject: (house) => freezeWorkers(house, 3),
  },
  {
    name: 'one of three Celery workers frozen',
    status: 200,
    codes: { celery: 'silent_worker' },
    inject: (house) => freezeWorkers(house, 1),
  },
  {
    name: 'all Celery workers dead',
    status: 503,
    codes: { celery: 'no_workers' },
    disturbsWorkers: true,
    inject: (house) => killWorkers(house, 3),
  },
  {
    name: 'one of three Celery workers dead',
    status: 200,
    codes: {},
    disturbsWorkers: true,
    inject: (house) => killWorkers(house, 1),
  },
  {
    name: 'one of three Celery workers dead, three expected',
    status: 503,
    codes: { celery: 'too_few_workers' },
    disturbsWorkers: true,
    variables: () => ({ CELERY_EXPECTED_WORKERS: '3' }),
    inject: (house) => killWorkers(house, 1),
  },
]

async function freezeWorkers({ staff }: TestEnvironment, count: number): Promise<Mend> {
  staff.freeze(count)
  return () => staff.thaw()
}

async function killWorkers({ staff }: TestEnvironment, count: number): Promise<Mend> {
  await staff.kill(count)
  return () => {}
}
