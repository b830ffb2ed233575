import { describe, expect, it } from 'vitest'
import { type Environment, readConfig } from '../../src/config/config.ts'

const rest = (name: string) => ({
  [`${name}_REST_URL`]: `https://${name.toLowerCase().replaceAll('_', '-')}.example`,
  [`${name}_REST_TOKEN`]: 'AXX_aGVsbG8',
})
const application = rest('UPSTASH_REDIS')
const broker = rest('CELERY_REDIS')
const tcp = { CELERY_REDIS_URL: 'redis://broker.example' }
const celeryOf = (environment: Environment, redis = true) => readConfig(environment, [], { redis }).celery

/** Where the workers are asked, and where the heartbeat is read. */
const asked = (environment: Environment, hasTcp = true) => {
  const celery = celeryOf(environment, hasTcp)
  return celery && [celery.connection.url, celery.heartbeatConnection.url]
}

describe('the Redis that is asked', () => {
  const [redis, another] = ['https://upstash-redis.example', 'https://celery-redis.example']

  it.each<[string, Environment, string[] | undefined]>([
    ['control', { ...application }, [redis, redis]],
    ['control', { ...application, ...broker }, [another, redis]],
    ['control', { ...broker }, [another, another]],
    ['both', { ...application, ...broker }, [another, redis]],
    ['both', { ...broker }, undefined],
    ['heartbeat', { ...application, ...broker }, [redis, redis]],
    ['heartbeat', { ...broker }, undefined],
    ['control', { ...application, ...tcp }, ['redis://broker.example', redis]],
    ['control', { ...application, ...broker, ...tcp }, [another, redis]],
    // A wrong name of the broker is not a reason to ask another Redis.
    ['control', { ...application, ...tcp, ...broker, CELERY_REDIS_REST_URL: 'http://x' }, undefined],
    ['control', { ...application, ...tcp, CELERY_REDIS_REST_URL: another }, undefined],
    ['control', { ...application, CELERY_REDIS_URL: 'http://x' }, undefined],
    ['heartbeat', { ...application, CELERY_REDIS_URL: 'http://x' }, [redis, redis]],
  ])('with the probe %s and %j', (CELERY_PROBE, environment, expected) => {
    expect(asked({ ...environment, CELERY_PROBE })).toEqual(expected)
  })

  it('is asked over REST alone on a platform without sockets', () => {
    expect(asked({ ...application, ...tcp }, false)).toEqual([redis, redis])
    expect(readConfig({ ...application, ...tcp }).celery?.connection).toMatchObject({ url: redis })
  })
})

describe('the settings', () => {
  it('have what is set and nothing of the rest', () => {
    const plain = celeryOf(application)
    for (const name of ['maxBacklog', 'separator', 'prioritySteps']) expect(plain).not.toHaveProperty(name)
    const set = {
      CELERY_MAX_BACKLOG: '0',
      CELERY_NO_REPLY: 'warn',
      CELERY_PROBE: 'both',
      CELERY_WORKERS: 'w1@vm, ,w2@vm,',
    }
    expect(celeryOf({ ...application, ...set })).toMatchObject({
      ...{ maxBacklog: 0, noReply: 'warn', probe: 'both', workers: ['w1@vm', 'w2@vm'] },
    })
  })

  it('keep white space in a prefix, and no line break at its end', () => {
    expect(celeryOf({ ...application, CELERY_KEY_PREFIX: ' shop: \r\n' })?.keyPrefix).toBe(' shop: ')
  })

  it('have up to 32 priority steps from 0 to 999', () => {
    const steps = Array.from({ length: 32 }, (_, at) => 968 + at)
    expect(celeryOf({ ...application, CELERY_PRIORITY_STEPS: steps.join() })?.prioritySteps).toEqual(steps)
    for (const wrong of ['1000', 'p1', '1st', '0,-1']) {
      expect(celeryOf({ ...application, CELERY_PRIORITY_STEPS: wrong })).not.toHaveProperty('prioritySteps')
    }
  })
})
