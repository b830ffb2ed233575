import { expect, it } from 'vitest'
import {
  bindingSeconds,
  controlChannel,
  directRoute,
  ownKeys,
  queueLists,
  registeredNames,
  registrySet,
  replyListSeconds,
  replyRoute,
} from '../../../src/checks/celery/keys.ts'

const plain = { keyPrefix: '', controlExchange: 'celery' }
const named = { keyPrefix: 'shop:', controlExchange: 'jobs' }

it('names the control channel and the registry as kombu does', () => {
  expect(controlChannel(plain)).toBe('/0.celery.pidbox')
  expect(controlChannel(named)).toBe('shop:/0.jobs.pidbox')
  expect(controlChannel({ ...named, database: 3 })).toBe('shop:/3.jobs.pidbox')
  expect(registrySet(plain)).toBe('_kombu.binding.celery.pidbox')
  expect(registrySet(named)).toBe('shop:_kombu.binding.jobs.pidbox')
})

it('routes answers through an exchange of its own, to a list of its own, both within what Celery itself uses', () => {
  expect(replyRoute(plain, 'id', 0)).toMatchObject({
    exchange: 'edge-health.0.reply.celery.pidbox',
    routingKey: 'id',
    queue: 'celery.edge-health.id.reply.celery.pidbox',
    bindingSet: '_kombu.binding.edge-health.0.reply.celery.pidbox',
    replyList: 'celery.edge-health.id.reply.celery.pidbox',
  })
})

it('puts the key prefix before keys and never before a queue, where the worker adds it', () => {
  expect(replyRoute(named, 'id', 0)).toMatchObject({
    queue: 'celery.edge-health.id.reply.jobs.pidbox',
    bindingSet: 'shop:_kombu.binding.edge-health.0.reply.jobs.pidbox',
    replyList: 'shop:celery.edge-health.id.reply.jobs.pidbox',
  })
})

it('routes answers to one of twenty lists where there is no binding', () => {
  expect(directRoute(named, 30_000)).toMatchObject({
    exchange: '',
    routingKey: 'celery.edge-health.1.reply.jobs.pidbox',
    replyList: 'shop:celery.edge-health.1.reply.jobs.pidbox',
  })
  const lists = Array.from({ length: 100 }, (_, slot) => directRoute(plain, slot * 30_000).replyList)
  expect(new Set(lists).size).toBe(20)
})

// As Python says: `steps[bisect(steps, 0) - 1]`.
it.each([
  [[0, 3, 6, 9], ''],
  [[9, 6, 3, 0], ''],
  [[3, 0], ''],
  [[1, 3, 6, 10], '|10'],
  [[255], '|255'],
])(
  'expects answers, whose priority is 0, with the priority steps %j in the list %j',
  (prioritySteps, end) => {
    const naming = { ...plain, separator: '|', prioritySteps }
    for (const route of [replyRoute(naming, 'id', 0), directRoute(naming, 0)]) {
      expect(route.replyList).toMatch(new RegExp(`\\.pidbox${end.replace('|', '\\|')}$`))
      expect(route.otherLists).not.toContain(route.replyList)
      expect(route.otherLists.length).toBeGreaterThanOrEqual(10)
      expect(route).not.toMatchObject({ routingKey: expect.stringContaining('|') })
    }
  },
)

it('writes to no key that its own rule does not name', () => {
  for (const naming of [named, { ...named, separator: ':', prioritySteps: [1, 3] }]) {
    const patterns = ownKeys(naming).map((pattern) => new RegExp(`^${pattern.replaceAll('*', '.*')}$`))
    const { bindingSet, replyList } = replyRoute(naming, 'id', 0)
    for (const key of [bindingSet, replyList, directRoute(naming, 0).replyList]) {
      expect(patterns.some((pattern) => pattern.test(key))).toBe(true)
    }
  }
})

it('uses three exchanges in turn, so that a binding set rests for longer than it lives', () => {
  const used = [0, 29_999, 30_000, 60_000, 89_999, 90_000].map((now) => replyRoute(plain, 'id', now).exchange)
  expect(used).toEqual([0, 0, 1, 2, 2, 0].map((slot) => `edge-health.${slot}.reply.celery.pidbox`))
  expect(bindingSeconds).toBeLessThan(60)
})

it('has exchanges of their own for each separator, since workers split all bindings of a set by theirs', () => {
  const exchanges = [undefined, '\x06\x16', ':', '|', '§', '\x01#'].map(
    (separator) => replyRoute({ ...plain, ...(separator && { separator }) }, 'id', 0).exchange,
  )
  expect(exchanges).toEqual(
    ['0', '0', '0.3a', '0.7c', '0.c2a7', '0.0123'].map((name) => `edge-health.${name}.reply.celery.pidbox`),
  )
})

it('keeps a reply list for longer than any binding that leads to it, and less than two minutes', () => {
  expect(replyListSeconds).toBeGreaterThan(30 + bindingSeconds)
  expect(replyListSeconds).toBeLessThan(120)
})

it('reads node names from the registry and skips what is none', () => {
  const members = [
    ...['\x06\x16\x06\x16w2@vm.celery.pidbox', '\x06\x16\x06\x16w1@vm.example.celery.pidbox', 'x'],
    '\x06\x16\x06\x16w3@vm.another.pidbox',
  ]
  expect(registeredNames(members, plain)).toEqual(['w1@vm.example', 'w2@vm'])
  expect(registeredNames(members, plain, '\x06\x16')).toEqual(['w1@vm.example', 'w2@vm'])
  expect(registeredNames(['\x06\x16\x06\x16.celery.pidbox'], plain)).toEqual([])
})

it.each([
  [':', '::w1::a@vm.celery.pidbox', 'w1::a@vm'],
  [':', '::::w1@vm.celery.pidbox', '::w1@vm'],
  ['::', '::::w1@vm.celery.pidbox', 'w1@vm'],
  [undefined, '||w1@vm.celery.pidbox', 'w1@vm'],
  [':', '\x06\x16\x06\x16w1@vm.celery.pidbox', 'w1@vm'],
  [':', 'w1@vm.celery.pidbox', 'w1@vm'],
])('with the separator %j reads from %j the name %s', (separator, member, name) => {
  expect(registeredNames([member], plain, separator)).toEqual([name])
})

it('counts every priority of a queue', () => {
  expect(queueLists(named, 'mail')).toEqual([
    'shop:mail',
    'shop:mail\x06\x163',
    'shop:mail\x06\x166',
    'shop:mail\x06\x169',
  ])
})

it('counts the lists that workers use where their steps are not in order', () => {
  expect(queueLists({ ...plain, prioritySteps: [9, 6, 3, 0] }, 'mail')).toEqual(['mail'])
  expect(queueLists({ ...plain, separator: '|', prioritySteps: [1, 5] }, 'mail')).toEqual([
    'mail|1',
    'mail|5',
  ])
})
