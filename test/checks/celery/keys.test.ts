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
  expect(registrySet(plain)).toBe('_kombu.binding.celery.pidbox')
  expect(registrySet(named)).toBe('shop:_kombu.binding.jobs.pidbox')
})

it('routes answers through an exchange of its own, to a list of its own, both within what Celery itself uses', () => {
  expect(replyRoute(plain, 'id', 0)).toEqual({
    exchange: 'edge-health.0',
    routingKey: 'id',
    queue: 'edge-health.id.reply.celery.pidbox',
    bindingSet: '_kombu.binding.edge-health.0',
    replyList: 'edge-health.id.reply.celery.pidbox',
  })
})

it('puts the key prefix before keys and never before a queue, where the worker adds it', () => {
  expect(replyRoute(named, 'id', 0)).toMatchObject({
    queue: 'edge-health.id.reply.jobs.pidbox',
    bindingSet: 'shop:_kombu.binding.edge-health.0',
    replyList: 'shop:edge-health.id.reply.jobs.pidbox',
  })
})

it('routes answers to one of twenty lists where there is no binding', () => {
  expect(directRoute(named, 30_000)).toEqual({
    exchange: '',
    routingKey: 'edge-health.1.reply.jobs.pidbox',
    replyList: 'shop:edge-health.1.reply.jobs.pidbox',
  })
  const lists = Array.from({ length: 100 }, (_, slot) => directRoute(plain, slot * 30_000).replyList)
  expect(new Set(lists).size).toBe(20)
})

it('writes to no key that its own rule does not name', () => {
  const patterns = ownKeys(named).map((pattern) => new RegExp(`^${pattern.replaceAll('*', '.*')}$`))
  const { bindingSet, replyList } = replyRoute(named, 'id', 0)
  for (const key of [bindingSet, replyList, directRoute(named, 0).replyList]) {
    expect(patterns.some((pattern) => pattern.test(key))).toBe(true)
  }
})

it('uses three exchanges in turn, so that a binding set rests for longer than it lives', () => {
  const used = [0, 29_999, 30_000, 60_000, 89_999, 90_000].map((now) => replyRoute(plain, 'id', now).exchange)
  expect(used).toEqual([0, 0, 1, 2, 2, 0].map((slot) => `edge-health.${slot}`))
  expect(bindingSeconds).toBeLessThan(60)
})

it('has exchanges of their own for each separator, since workers split all bindings of a set by theirs', () => {
  const exchanges = [undefined, '\x06\x16', ':', '|', '§', '\x01#'].map(
    (separator) => replyRoute(plain, 'id', 0, separator).exchange,
  )
  expect(exchanges).toEqual([
    'edge-health.0',
    'edge-health.0',
    'edge-health.0.3a',
    'edge-health.0.7c',
    'edge-health.0.c2a7',
    'edge-health.0.0123',
  ])
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
