import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  activeQueuesRequest,
  consumesSomething,
  isAnswered,
  isConsumed,
  parseWorkerAnswer,
  type WorkerAnswer,
} from '../../../src/checks/celery/messages.ts'
import * as recorded from './recorded.ts'

describe('the request', () => {
  const route = { exchange: 'edge-health.1', routingKey: 'reply-id' }
  const request = JSON.parse(activeQueuesRequest(route, 'celery', 'the-ticket', 1795361133.5))
  const celerys = JSON.parse(recorded.request)

  it("has the shape of Celery's own, byte for byte but for ids and times", () => {
    const { headers, properties, ...rest } = request
    expect(Object.keys(request)).toEqual(Object.keys(celerys))
    expect(rest['content-type']).toBe(celerys['content-type'])
    expect(rest['content-encoding']).toBe(celerys['content-encoding'])
    expect({ ...headers, expires: celerys.headers.expires }).toEqual(celerys.headers)
    expect({ ...properties, delivery_tag: celerys.properties.delivery_tag }).toEqual(celerys.properties)
  })

  it("carries the body of Celery's own, with our ticket and our reply exchange", () => {
    const body = JSON.parse(atob(request.body))
    expect(body).toEqual({
      ...JSON.parse(atob(celerys.body)),
      ticket: 'the-ticket',
      reply_to: { exchange: 'edge-health.1', routing_key: 'reply-id' },
    })
    expect(body.destination).toBeNull()
  })

  it('names the control exchange that it is published to', () => {
    const message = JSON.parse(activeQueuesRequest(route, 'jobs', 'ticket', 1))
    expect(message.properties.delivery_info.exchange).toBe('jobs.pidbox')
  })
})

describe('an answer', () => {
  it('says who answered and which queues it consumes', () => {
    expect(parseWorkerAnswer(recorded.json.element, recorded.json.ticket)).toEqual({
      worker: 'w1@vm',
      queues: ['celery'],
      clock: 3,
    })
  })

  it('to another ticket is not ours', () => {
    expect(parseWorkerAnswer(recorded.json.element, 'another')).toBeUndefined()
  })

  it.each([
    'placeholder',
    '',
    'null',
    '[]',
    '{}',
    '{"body":1,"headers":{"ticket":"t"}}',
    '{"body":"","headers":null}',
  ])('is none when it is %j', (element) => {
    expect(parseWorkerAnswer(element, 't')).toBeUndefined()
  })

  it('never throws, whatever lies in the list', () => {
    const body = fc.oneof(fc.string(), fc.json(), fc.base64String())
    const envelope = fc.record({
      body,
      'content-type': fc.constantFrom('application/json', 'application/x-yaml', undefined),
      headers: fc.record({ ticket: fc.constant('t') }),
      properties: fc.option(fc.record({ body_encoding: fc.constantFrom('base64', 'utf-8', null) }), {
        nil: undefined,
      }),
    })
    const element = fc.oneof(
      fc.string(),
      fc.json(),
      envelope.map((value) => JSON.stringify(value)),
    )
    fc.assert(
      fc.property(element, (value) => {
        const answer = parseWorkerAnswer(value, 't')
        expect(answer === undefined || Array.isArray(answer.queues)).toBe(true)
        if (answer) isAnswered('w1@vm', [answer])
      }),
    )
  })

  it('of a worker that consumes nothing has no queues', () => {
    expect(parseWorkerAnswer(plain('{"w1@vm": []}'), 't')).toEqual({ worker: 'w1@vm', queues: [] })
    expect(parseWorkerAnswer(plain('{"w1@vm": null}'), 't')).toEqual({ worker: 'w1@vm', queues: [] })
    expect(parseWorkerAnswer(plain('{"w1@vm": {"error": "KeyError()"}}'), 't')).toEqual({
      worker: 'w1@vm',
      queues: [],
    })
  })

  it('has a clock where it is a number', () => {
    const clockOf = (clock: unknown) =>
      parseWorkerAnswer(plain('{"w1@vm": []}', { headers: { ticket: 't', clock } }), 't')
    expect(clockOf(3)).toHaveProperty('clock', 3)
    for (const clock of ['3', null]) expect(clockOf(clock)).not.toHaveProperty('clock')
  })

  it('keeps names that are not ASCII', () => {
    const body = '{"wörker@höst": [{"name": "grüße"}]}'
    const bytes = String.fromCharCode(...new TextEncoder().encode(body))
    const answer = parseWorkerAnswer(plain(btoa(bytes), { properties: { body_encoding: 'base64' } }), 't')
    expect(answer).toEqual({ worker: 'wörker@höst', queues: ['grüße'] })
  })

  it('whose body cannot be read counts as an answer all the same', () => {
    const broken = { properties: { body_encoding: 'base64' } }
    expect(parseWorkerAnswer(plain('not base64!', broken), 't')).toEqual({ queues: [], unreadable: '' })
    expect(parseWorkerAnswer(plain('not JSON'), 't')).toEqual({ queues: [], unreadable: 'not JSON' })
    expect(parseWorkerAnswer(plain('{}'), 't')).toEqual({ queues: [], unreadable: '{}' })
  })
})

describe.each([
  ['pickle', recorded.pickle],
  ['yaml', recorded.yaml],
])('an answer in %s', (_format, { element, ticket }) => {
  const answer = parseWorkerAnswer(element, ticket) as WorkerAnswer

  it('is matched by its ticket', () => {
    expect(answer.worker).toBeUndefined()
    expect(answer.unreadable).toBeDefined()
    expect(parseWorkerAnswer(element, 'another')).toBeUndefined()
  })

  it('is searched for whole names of workers and queues', () => {
    expect(isAnswered('w1@vm', [answer])).toBe(true)
    expect(isConsumed('celery', [answer])).toBe(true)
    for (const name of ['w1@v', '1@vm', 'w2@vm', 'w1']) expect(isAnswered(name, [answer])).toBe(false)
    for (const name of ['cel', 'elery', 'mail']) expect(isConsumed(name, [answer])).toBe(false)
  })
})

describe('a queue is consumed', () => {
  const seen = (element: string, ticket = 't') =>
    consumesSomething(parseWorkerAnswer(element, ticket) as WorkerAnswer)
  const yaml = (body: string, format = 'application/x-yaml') => plain(body, { 'content-type': format })

  it('as the answer says, in any format', () => {
    for (const { element, ticket } of [recorded.json, recorded.pickle, recorded.yaml]) {
      expect(seen(element, ticket)).toBe(true)
    }
    expect(seen(plain('{"w1@vm": []}'))).toBe(false)
    expect(seen(yaml('w1@vm: []'))).toBe(false)
    expect(seen(yaml('\x81\xa5w1@vm\x90', 'application/x-msgpack'))).toBe(false)
    expect(seen(yaml('\x80\x04}\x8c\x05w1@vm]s.', 'application/x-python-serialize'))).toBe(false)
  })

  it('or not is not known in a format that cannot be searched', () => {
    expect(seen(yaml('w1@vm: []', 'application/data'))).toBeUndefined()
    expect(seen(yaml('', 'application/data'))).toBeUndefined()
  })
})

it.each([
  ['pickle 3, where a letter follows', '\x80\x03}q\x00X\x05\0\0\0w1@vmq\x01]'],
  ['msgpack', '\x81\xa5w1@vm\x91'],
  ['msgpack, of 40 letters', `\x81\xd9\x28${'w'.repeat(40)}\x91`, 'w'.repeat(40)],
  ['YAML that escapes', '"w\\xF6r\\u65E5\\U0001F600@vm": []', 'wör日😀@vm'],
])('finds the whole name in %s', (_format, unreadable, name = 'w1@vm') => {
  expect(isAnswered(name, [{ queues: [], unreadable }])).toBe(true)
  expect(isAnswered(name.slice(0, -1), [{ queues: [], unreadable }])).toBe(false)
  expect(isAnswered(name.slice(1), [{ queues: [], unreadable }])).toBe(false)
})

it('finds a pickled name that is not ASCII', () => {
  const bytes = String.fromCharCode(...new TextEncoder().encode('wörker@höst'))
  const unreadable = `\x80\x05\x8c${String.fromCharCode(bytes.length)}${bytes}\x94]`
  expect(isAnswered('wörker@höst', [{ queues: [], unreadable }])).toBe(true)
})

it('finds a pickled name whose length looks like a letter of a name', () => {
  const name = `celery@${'x'.repeat(58)}`
  const unreadable = `\x80\x05\x8c${String.fromCharCode(name.length)}${name}\x94]`
  expect(isAnswered(name, [{ queues: [], unreadable }])).toBe(true)
})

function plain(body: string, more: object = {}): string {
  return JSON.stringify({ body, 'content-type': 'application/json', headers: { ticket: 't' }, ...more })
}
