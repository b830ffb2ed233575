import { expect, it } from 'vitest'
import {
  bindingSeconds,
  controlChannel,
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

it('routes answers through an exchange of its own, to a list of its own', () => {
  expect(replyRoute(plain, 'id', 0)).toEqual({
    exchange: 'edge-health:0',
    routingKey: 'id',
    bindingSet: '_kombu.binding.edge-health:0',
    binding: 'id\x06\x16\x06\x16edge-health:reply:id',
    replyList: 'edge-health:reply:id',
  })
})

it('puts the key prefix before keys and never into a binding, where the worker adds it', () => {
  expect(replyRoute(named, 'id', 0)).toMatchObject({
    bindingSet: 'shop:_kombu.binding.edge-health:0',
    binding: 'id\x06\x16\x06\x16edge-health:reply:id',
    replyList: 'shop:edge-health:reply:id',
  })
})

it('uses three exchanges in turn, so that a binding set rests for longer than it lives', () => {
  const used = [0, 29_999, 30_000, 60_000, 89_999, 90_000].map((now) => replyRoute(plain, 'id', now).exchange)
  expect(used).toEqual([0, 0, 1, 2, 2, 0].map((slot) => `edge-health:${slot}`))
  expect(bindingSeconds).toBeLessThan(60)
})

it('keeps a reply list for longer than any binding that leads to it, and less than two minutes', () => {
  expect(replyListSeconds).toBeGreaterThan(30 + bindingSeconds)
  expect(replyListSeconds).toBeLessThan(120)
})

it('reads node names from the registry and skips what is none', () => {
  const members = ['\x06\x16\x06\x16w2@vm.celery.pidbox', '\x06\x16\x06\x16w1@vm.example.celery.pidbox', 'x']
  expect(registeredNames(members, plain)).toEqual(['w1@vm.example', 'w2@vm'])
})

it('counts every priority of a queue', () => {
  expect(queueLists(named, 'mail')).toEqual([
    'shop:mail',
    'shop:mail\x06\x163',
    'shop:mail\x06\x166',
    'shop:mail\x06\x169',
  ])
})
