import { describe, expect, it } from 'vitest'
import type { Inspection, TimedAnswer } from '../../../src/checks/celery/inspect.ts'
import { type Observation, type VerdictSettings, verdict } from '../../../src/checks/celery/verdict.ts'
import { settingsFor } from './broker.ts'

const settings = (changes: Partial<VerdictSettings> = {}): VerdictSettings =>
  settingsFor({ url: '', token: '' }, changes)

const answer = (worker: string, queues = ['celery']): TimedAnswer => ({ worker, queues, afterMs: 5 })

const unreadable = (body: string, isSearchable?: true): TimedAnswer => ({
  ...{ queues: [], unreadable: body, afterMs: 5 },
  ...(isSearchable && { isSearchable }),
})

function inspection(subscribers: number, answers: TimedAnswer[], registered?: string[]): Inspection {
  return { subscribers, answers, ...(registered && { registered }) }
}

const idle = inspection(1, [answer('w1@vm')])
const nobody = inspection(0, [])
const stuck = { queue: 'celery', task: '4f2a', seconds: 42 }
const silence = inspection(1, [], ['w1@vm'])

type Row = [
  situation: string,
  changes: Partial<VerdictSettings>,
  observation: Observation,
  status: string,
  code: string,
]

const rows: Row[] = [
  ['all workers answered', {}, { inspection: idle }, 'pass', 'ok'],
  ['nobody is subscribed', {}, { inspection: nobody }, 'fail', 'no_workers'],
  ['nobody is subscribed to solo pools', { noReply: 'warn' }, { inspection: nobody }, 'fail', 'no_workers'],
  ['nobody answered', {}, { inspection: silence }, 'fail', 'no_reply'],
  ['no solo pool answered', { noReply: 'warn' }, { inspection: silence }, 'warn', 'no_reply'],
  [
    'only a stranger is subscribed',
    { noReply: 'warn' },
    { inspection: inspection(1, [], []) },
    'fail',
    'no_workers',
  ],
  [
    'no solo pool answered though one was named',
    { noReply: 'warn', workers: ['w1@vm'], queues: ['celery'], expectedWorkers: 2 },
    { inspection: silence },
    'warn',
    'no_reply',
  ],
  ['a named worker is missing', { workers: ['w2@vm'] }, { inspection: idle }, 'fail', 'missing_worker'],
  [
    'a worker that nobody named answered too',
    { workers: ['w1@vm'] },
    { inspection: inspection(2, [answer('w1@vm'), answer('w2@vm')]) },
    'pass',
    'ok',
  ],
  ['fewer answered than expected', { expectedWorkers: 2 }, { inspection: idle }, 'fail', 'too_few_workers'],
  [
    'two workers with one name answered',
    { expectedWorkers: 2 },
    { inspection: inspection(2, [answer('w1@vm'), answer('w1@vm')]) },
    'pass',
    'ok',
  ],
  ['nobody consumes a queue', { queues: ['celery', 'mail'] }, { inspection: idle }, 'fail', 'missing_queue'],
  [
    'queues are consumed by different workers',
    { queues: ['celery', 'mail'] },
    { inspection: inspection(2, [answer('w1@vm'), answer('w2@vm', ['mail'])]) },
    'pass',
    'ok',
  ],
  [
    'the only worker consumes nothing',
    {},
    { inspection: inspection(1, [answer('w1@vm', [])]) },
    'fail',
    'missing_queue',
  ],
  [
    'one of two workers consumes nothing',
    {},
    { inspection: inspection(2, [answer('w1@vm', []), answer('w2@vm')]) },
    'warn',
    'idle_worker',
  ],
  [
    'both of two workers consume nothing',
    {},
    { inspection: inspection(2, [answer('w1@vm', []), answer('w2@vm', [])]) },
    'fail',
    'missing_queue',
  ],
  [
    'the one that consumes nothing was the last for a named queue',
    { queues: ['celery', 'mail'] },
    { inspection: inspection(2, [answer('w1@vm', []), answer('w2@vm')]) },
    'fail',
    'missing_queue',
  ],
  [
    'one of two workers, in pickle, consumes nothing',
    {},
    { inspection: inspection(2, [unreadable('w1@vm', true), unreadable('w2@vm routing_key', true)]) },
    'warn',
    'idle_worker',
  ],
  [
    'the head of a queue has not moved',
    { queues: ['celery'] },
    { inspection: idle, stuck: [stuck] },
    'warn',
    'stuck_queue',
  ],
  [
    'a silent worker comes before an idle one, and that before a stuck queue',
    {},
    {
      inspection: inspection(3, [answer('w1@vm', []), answer('w2@vm')], ['w1@vm', 'w2@vm', 'w3@vm']),
      stuck: [stuck],
    },
    'warn',
    'silent_worker',
  ],
  [
    'a backlog comes before an idle worker',
    { maxBacklog: 0 },
    { inspection: inspection(2, [answer('w1@vm', []), answer('w2@vm')]), backlog: { celery: 1 } },
    'warn',
    'backlog',
  ],
  [
    'an idle worker comes before a stuck queue',
    {},
    { inspection: inspection(2, [answer('w1@vm', []), answer('w2@vm')]), stuck: [stuck] },
    'warn',
    'idle_worker',
  ],
  [
    'a stale heartbeat fails although a queue is only stuck',
    {},
    { inspection: idle, stuck: [stuck], heartbeat: { ageSeconds: 999 } },
    'fail',
    'stale_heartbeat',
  ],
  [
    'a named worker is not among the answers that were read',
    { workers: ['w2@vm'] },
    { inspection: { ...idle, hasUnread: true } },
    'warn',
    'missing_worker',
  ],
  [
    'a named queue is not among the answers that were read',
    { queues: ['mail'] },
    { inspection: { ...idle, hasUnread: true } },
    'warn',
    'missing_queue',
  ],
  [
    'a registered worker is not among the answers that were read',
    {},
    { inspection: { ...inspection(2, [answer('w1@vm')], ['w1@vm', 'w2@vm']), hasUnread: true } },
    'pass',
    'ok',
  ],
  [
    'an answer that is not JSON names neither worker nor queue',
    { queues: ['celery'], workers: ['w1@vm'] },
    { inspection: inspection(1, [{ queues: [], unreadable: 'w1@vm:\n- name: celery\n', afterMs: 5 }]) },
    'pass',
    'ok',
  ],
  [
    'an answer in pickle has a queue',
    {},
    { inspection: inspection(1, [unreadable('w1@vm routing_key', true)]) },
    'pass',
    'ok',
  ],
  [
    'the only answer, in pickle, has no queue',
    {},
    { inspection: inspection(1, [unreadable('w1@vm', true)]) },
    'fail',
    'missing_queue',
  ],
  [
    'the only answer, in an unknown format, proves no queue',
    {},
    { inspection: inspection(1, [unreadable('w1@vm')]) },
    'warn',
    'missing_queue',
  ],
  [
    'an answer in an unknown format proves no queue, and another does',
    {},
    { inspection: inspection(2, [unreadable('w1@vm'), answer('w2@vm')]) },
    'pass',
    'ok',
  ],
  [
    'a registered worker is silent',
    {},
    { inspection: inspection(2, [answer('w1@vm')], ['w1@vm', 'w2@vm']) },
    'warn',
    'silent_worker',
  ],
  ['a stranger is subscribed', {}, { inspection: inspection(2, [answer('w1@vm')], ['w1@vm']) }, 'pass', 'ok'],
  ['there is no heartbeat', {}, { heartbeat: { ageSeconds: undefined } }, 'fail', 'no_heartbeat'],
  ['the heartbeat is stale', {}, { heartbeat: { ageSeconds: 180.1 } }, 'fail', 'stale_heartbeat'],
  ['the heartbeat is as old as it may be', {}, { heartbeat: { ageSeconds: 180 } }, 'pass', 'ok'],
  [
    'workers answer and their children hang',
    {},
    { inspection: idle, heartbeat: { ageSeconds: 999 } },
    'fail',
    'stale_heartbeat',
  ],
  [
    'nobody answered comes before a stale heartbeat',
    {},
    { inspection: silence, heartbeat: { ageSeconds: 999 } },
    'fail',
    'no_reply',
  ],
  [
    'a stale heartbeat fails although silence only warns',
    { noReply: 'warn' },
    { inspection: silence, heartbeat: { ageSeconds: 999 } },
    'fail',
    'stale_heartbeat',
  ],
  [
    'a missing heartbeat comes before a silent worker',
    {},
    {
      inspection: inspection(2, [answer('w1@vm')], ['w1@vm', 'w2@vm']),
      heartbeat: { ageSeconds: undefined },
    },
    'fail',
    'no_heartbeat',
  ],
  [
    'too much waits',
    { maxBacklog: 10 },
    { inspection: idle, backlog: { celery: 11, mail: 0 } },
    'warn',
    'backlog',
  ],
  [
    'as much waits as may',
    { maxBacklog: 10 },
    { inspection: idle, backlog: { celery: 10, mail: 10 } },
    'pass',
    'ok',
  ],
  [
    'a silent worker comes before the backlog',
    { maxBacklog: 0 },
    { inspection: inspection(2, [answer('w1@vm')], ['w2@vm']), backlog: { celery: 1 } },
    'warn',
    'silent_worker',
  ],
  [
    'a missing worker comes before too few, and too few before a missing queue',
    { workers: ['w2@vm'], expectedWorkers: 2, queues: ['mail'] },
    { inspection: idle },
    'fail',
    'missing_worker',
  ],
  [
    'too few comes before a missing queue',
    { expectedWorkers: 2, queues: ['mail'] },
    { inspection: idle },
    'fail',
    'too_few_workers',
  ],
]

it.each(rows)('when %s', (_situation, changes, observation, status, code) => {
  expect(verdict(settings(changes), observation)).toMatchObject({ status, code })
})

describe('what is public', () => {
  const secrets = /w1@vm|w2@vm|mail|edge-health:celery|pidbox|success|failure/i

  it.each(rows)('names nothing and keeps the words of the overall status out, when %s', (...row) => {
    const [, changes, observation] = row
    expect(verdict(settings(changes), observation).output).not.toMatch(secrets)
  })

  it('is "celery ok" only when all is well', () => {
    for (const [, changes, observation, status] of rows) {
      const { output } = verdict(settings(changes), observation)
      expect(output === 'celery ok').toBe(status === 'pass')
      expect(output).toMatch(/celery/i)
    }
  })
})

describe('the details', () => {
  const details = (changes: Partial<VerdictSettings>, observation: Observation) =>
    verdict(settings(changes), observation).details

  it('have each worker with its queues and milliseconds', () => {
    expect(details({}, { inspection: idle })).toEqual({
      subscribers: 1,
      answered: 1,
      workers: [{ name: 'w1@vm', queues: ['celery'], ms: 5 }],
    })
  })

  it('are named in snake case, as every check names them', () => {
    const names = rows.flatMap(([, ...row]) => Object.keys(details(row[0], row[1]) ?? {}))
    expect(names.filter((name) => !/^[a-z_]+$/.test(name))).toEqual([])
  })

  it('name who is registered but silent', () => {
    const seen = inspection(3, [answer('w1@vm')], ['w1@vm', 'w2@vm', 'w3@vm'])
    expect(details({}, { inspection: seen })).toMatchObject({ silent: ['w2@vm', 'w3@vm'] })
  })

  it('say what to compare when nobody is subscribed', () => {
    const found = details({ keyPrefix: 'shop:', controlExchange: 'jobs' }, { inspection: nobody })
    const words = ['shop:/0.jobs.pidbox', 'CELERY_KEY_PREFIX', 'CELERY_CONTROL_EXCHANGE', 'database 0']
    for (const word of words) expect(found?.['hint']).toContain(word)
    expect(found?.['hint']).toContain('worker_enable_remote_control')
  })

  it('remind of the broker where no worker is subscribed, and of a new beat where there is no heartbeat', () => {
    const hint = String(details({}, { inspection: nobody })?.['hint'])
    for (const words of ['another one', 'CELERY_REDIS_REST_URL', 'RabbitMQ']) expect(hint).toContain(words)
    const missing = details({}, { heartbeat: { ageSeconds: undefined } })
    expect(missing?.['heartbeat_hint']).toContain('new beat')
  })

  it('point solo pools to their setting when nobody answered', () => {
    expect(details({}, { inspection: silence })?.['hint']).toContain('CELERY_NO_REPLY=warn')
  })

  it('name missing workers and queues, the age of the heartbeat and what else is wrong', () => {
    const changes = { workers: ['w1@vm', 'w2@vm'], queues: ['celery', 'mail'] }
    expect(details(changes, { inspection: idle, heartbeat: { ageSeconds: 200.04 } })).toMatchObject({
      missing_workers: ['w2@vm'],
      missing_queues: ['mail'],
      heartbeat_age_seconds: 200,
      heartbeat_max_age_seconds: 180,
      also_found: ['missing_queue', 'stale_heartbeat'],
    })
  })

  it('say that a name is unknown rather than guess it', () => {
    const seen = inspection(1, [{ queues: [], unreadable: '\x80\x05', afterMs: 7 }])
    expect(details({}, { inspection: seen })).toMatchObject({
      workers: [{ name: 'unknown: the answer is not JSON', ms: 7 }],
    })
  })

  it('name the workers that consume nothing, as far as their names are known', () => {
    const answers = [
      answer('w1@vm', []),
      unreadable('w2@vm', true),
      unreadable('w9@vm', true),
      answer('w3@vm'),
    ]
    const seen = inspection(4, answers, ['w2@vm'])
    expect(details({}, { inspection: seen })).toMatchObject({
      idle_workers: ['w1@vm', 'w2@vm', 'unknown: the answer is not JSON'],
      idle_hint: expect.stringContaining('cancel_consumer'),
    })
  })

  it('name the task that has not moved, and say what that proves and what not', () => {
    const found = details({}, { inspection: idle, stuck: [stuck] })
    expect(found).toMatchObject({ stuck_queues: [stuck] })
    for (const words of ['Proven:', 'Not proven:', 'pool hang', 'long tasks', 'rate limit']) {
      expect(found?.['stuck_hint']).toContain(words)
    }
  })

  it('have the rule of a user who may see whether queues move', () => {
    expect(details({}, { inspection: idle, headsRule: '~celery +lindex' })).toMatchObject({
      acl_rule: '~celery +lindex',
      stuck_hint: expect.stringContaining('not checked'),
    })
  })

  it('say that not all answers were read', () => {
    const found = details({ workers: ['w2@vm'] }, { inspection: { ...idle, hasUnread: true } })
    expect(found?.['unread_hint']).toContain('not proven')
  })

  it('say what is not proven by an answer in an unknown format', () => {
    const seen = inspection(1, [unreadable('w1@vm')])
    expect(details({}, { inspection: seen })?.['hint']).toContain('not proven')
  })

  it('speak of the separator only where there is something to say', () => {
    const learned = { ...idle, separator: ':' }
    expect(details({}, { inspection: learned })).not.toHaveProperty('separator_hint')
    expect(details({ separator: ':' }, { inspection: learned })).not.toHaveProperty('separator_hint')
    const differs = details({ separator: '|' }, { inspection: learned })
    expect(differs?.['separator_hint']).toContain('CELERY_SEPARATOR is not')
    const unbound = details({}, { inspection: { ...idle, isUnbound: true } })
    expect(unbound?.['separator_hint']).toContain('are then counted with CELERY_SEPARATOR')
    expect(details({ separator: ':' }, { inspection: idle })).not.toHaveProperty('separator_hint')
  })

  it('speak of workers that were asked without a binding where there are workers', () => {
    const unbound = (registered?: string[]) =>
      details({}, { inspection: { ...inspection(1, [], registered), isUnbound: true } })
    expect(unbound(['w1@vm'])?.['separator_hint']).toContain('are then counted with CELERY_SEPARATOR')
    expect(unbound([])).not.toHaveProperty('separator_hint')
    expect(unbound()).not.toHaveProperty('separator_hint')
  })

  it('name nothing else where one thing is wrong', () => {
    expect(details({ workers: ['w2@vm'] }, { inspection: idle })).not.toHaveProperty('also_found')
  })

  it('have the longest queues first, and a hundred of them', () => {
    const backlog = Object.fromEntries(Array.from({ length: 101 }, (_, size) => [`queue-${size}`, size]))
    const shown = Object.entries(details({}, { inspection: idle, backlog })?.['backlog'] ?? {})
    expect(shown).toHaveLength(100)
    expect([shown[0], shown.at(-1)]).toEqual([
      ['queue-100', 100],
      ['queue-1', 1],
    ])
    const few = details({}, { inspection: idle, backlog: { celery: 1, mail: 2 } })?.['backlog']
    expect(Object.keys(few ?? {})).toEqual(['mail', 'celery'])
  })

  it('are bounded', () => {
    const many = Array.from({ length: 500 }, (_, index) => answer(`w${index}@vm`))
    const found = details({}, { inspection: inspection(500, many) })
    expect(found?.['answered']).toBe(500)
    expect(found?.['workers']).toHaveLength(100)
  })
})
