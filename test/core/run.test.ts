import { describe, expect, it } from 'vitest'
import { type Check, CheckError, type Outcome } from '../../src/core/check.ts'
import { type RunOptions, run } from '../../src/core/run.ts'
import { fakeClock, settle } from '../support/fake-clock.ts'

const pass: Outcome = { status: 'pass', code: 'ok', output: 'fine' }
const never = () => new Promise<never>(() => {})

function options(more: Partial<RunOptions> = {}): RunOptions & { clock: ReturnType<typeof fakeClock> } {
  const clock = fakeClock()
  return {
    timeoutMs: 100,
    deadlineMs: 200,
    slowMs: 50,
    ttlMs: (_, status) => (status === 'fail' ? 9000 : 27_000),
    ...more,
    clock,
  }
}

const check = (name: string, run: Check['run'], more: Partial<Check> = {}): Check => ({ name, run, ...more })

function revokedProxy(): object {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

const unreadable = (object: object, key: string): object =>
  Object.defineProperty(object, key, {
    enumerable: true,
    get() {
      throw new Error('unreadable')
    },
  })

describe('a run', () => {
  it('asks every check at once and answers in their order', async () => {
    const settings = options()
    const started: string[] = []
    const slowly = (name: string, ms: number) =>
      check(name, async () => {
        started.push(name)
        await settings.clock.sleep(ms)
        return pass
      })
    const answer = run([slowly('first', 30), slowly('second', 10)], settings)
    await settle()
    expect(started).toEqual(['first', 'second'])
    await settings.clock.advance(30)
    expect((await answer).map(({ checker, responseTime }) => [checker, responseTime])).toEqual([
      ['first', 30],
      ['second', 10],
    ])
  })

  it('gives a result its times: when it was known, and until when its status allows it to be repeated', async () => {
    const settings = options()
    const [good, bad] = await run(
      [check('good', () => pass), check('bad', () => Promise.reject(new Error()))],
      settings,
    )
    expect(good).toMatchObject({ timestamp: settings.clock.now(), expires: settings.clock.now() + 27_000 })
    expect(bad).toMatchObject({ timestamp: settings.clock.now(), expires: settings.clock.now() + 9000 })
  })

  it('counts the times of a result from when it was known, also while another check is under way', async () => {
    const settings = options()
    const start = settings.clock.now()
    const refused = () => Promise.reject(new CheckError('unreachable', 'refused'))
    const answer = run([check('hangs', never), check('quick', refused, { dependsOn: 'hangs' })], settings)
    await settings.clock.advance(100)
    expect((await answer)[1]).toMatchObject({ timestamp: start, expires: start + 9000 })
  })

  it('measures how long a check took, however long the process runs', async () => {
    const settings = options()
    await settings.clock.advance(7000)
    const slowly = check('slowly', async () => {
      await settings.clock.sleep(30)
      return pass
    })
    const answer = run([slowly], settings)
    await settings.clock.advance(30)
    expect((await answer)[0]).toMatchObject({ responseTime: 30, code: 'ok' })
  })

  it('has no cause for a check that threw nothing', async () => {
    const [result] = await run([check('good', () => pass)], options())
    expect(result).not.toHaveProperty('cause')
  })

  it('has the text that a check threw, for the log and the details', async () => {
    const [result] = await run([check('own', () => Promise.reject('boom'))], options())
    expect(result).toMatchObject({ details: { reason: 'boom' }, cause: { message: 'boom' } })
  })

  it('tells of each result the moment it is known', async () => {
    const reported: string[] = []
    const settings = options({ onResult: ({ checker }) => reported.push(checker) })
    const answer = run([check('hangs', never), check('quick', () => pass)], settings)
    await settle()
    expect(reported).toEqual(['quick'])
    await settings.clock.advance(100)
    await answer
    expect(reported).toEqual(['quick', 'hangs'])
  })

  it.each([
    ['an Error', new Error('postgres://user:secret@host refused'), 'error'],
    ['a CheckError, whose code stays', new CheckError('unauthorized', 'no'), 'unauthorized'],
    ['a text', 'boom', 'error'],
    ['undefined', undefined, 'error'],
    ['null', null, 'error'],
    ['an object without a prototype', Object.create(null), 'error'],
    ['an Error whose message is not a text', Object.assign(new Error(), { message: { secret: 1 } }), 'error'],
    ['a revoked proxy', revokedProxy(), 'error'],
    ['an Error whose message cannot be read', unreadable(new Error(), 'message'), 'error'],
  ])('makes a failed result of a check that throws %s', async (_, thrown, code) => {
    for (const question of [
      () => Promise.reject(thrown),
      () => {
        throw thrown
      },
    ]) {
      const [result] = await run([check('database', question)], options())
      expect(result).toMatchObject({ checker: 'database', status: 'fail', code })
      expect(result?.output).not.toContain('secret')
    }
  })

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'ok'],
    ['a status that does not exist', { ...pass, status: 'fine' }],
    ['a list that reads like a status', { ...pass, status: ['pass'] }],
    ['an output that is not a text', { ...pass, output: 7 }],
    ['no code', { status: 'pass', output: 'fine' }],
    ['what cannot be read', unreadable({ ...pass }, 'details')],
  ])('does not believe a check that returns %s', async (_, returned) => {
    const [result] = await run([check('own', () => returned as Outcome)], options())
    expect(result).toMatchObject({ status: 'fail', code: 'error', output: 'own could not be checked' })
  })
})

describe('a check that looks at another one', () => {
  const looks = (name: string): Check =>
    check('note', async ({ outcomeOf }) => {
      const outcome = await outcomeOf?.(name)
      return { ...pass, output: outcome ? `${name}: ${outcome.output}` : `${name} is not known` }
    })
  const outputOf = async (checks: readonly Check[], more: Partial<RunOptions> = {}) => {
    const results = await run(checks, options(more))
    return results.find(({ checker }) => checker === 'note')?.output
  }

  it('gets its outcome, wherever they stand', async () => {
    const shop = check('shop', () => ({ ...pass, output: 'open' }))
    expect(await outputOf([looks('shop'), shop])).toBe('shop: open')
    expect(await outputOf([shop, looks('shop')])).toBe('shop: open')
  })

  it('gets what it threw as the outcome that it becomes', async () => {
    const broken = check('shop', () => Promise.reject(new CheckError('unreachable', 'private')))
    expect(await outputOf([broken, looks('shop')])).toBe('shop: shop cannot be reached')
  })

  it('gets the last result where the other one is not part of the run, else nothing', async () => {
    const last = { ...pass, output: 'was open', checker: 'shop', timestamp: 0, expires: 9, responseTime: 1 }
    expect(await outputOf([looks('shop')], { known: () => last })).toBe('shop: was open')
    expect(await outputOf([looks('shop')])).toBe('shop is not known')
  })
})

describe('time', () => {
  it('ends a check that never answers at its own timeout, and aborts the I/O beneath it', async () => {
    let signal: AbortSignal | undefined
    const settings = options()
    const hangs = check(
      'hangs',
      (context) => {
        signal = context.signal
        return never()
      },
      { timeoutMs: 40 },
    )
    const answer = run([hangs], settings)
    await settings.clock.advance(39)
    expect(signal?.aborted).toBe(false)
    await settings.clock.advance(1)
    expect((await answer)[0]).toMatchObject({
      status: 'fail',
      code: 'timeout',
      responseTime: 40,
      details: { reason: 'no answer within 40 ms' },
    })
    expect(signal?.aborted).toBe(true)
  })

  it('ends a check at the timeout of the run when its own is longer, and keeps that verdict', async () => {
    const settings = options()
    const start = settings.clock.now()
    const answer = run([check('hangs', never, { timeoutMs: 5000 })], settings)
    await settings.clock.advance(100)
    const [result] = await answer
    expect(result).toMatchObject({ code: 'timeout', responseTime: 100, expires: start + 100 + 9000 })
    expect(result).not.toHaveProperty('isCutShort')
  })

  it('ends every check at the deadline, whatever its timeout', async () => {
    const settings = options({ deadlineMs: 60 })
    const answer = run([check('hangs', never, { timeoutMs: 5000 })], settings)
    await settings.clock.advance(60)
    expect((await answer)[0]).toMatchObject({ code: 'timeout', responseTime: 60 })
  })

  it('keeps no timeout of a check that was given less than its time: that proves nothing for the next request', async () => {
    const settings = options({ deadlineMs: 60 })
    const says: Check = check('says', () => ({ status: 'fail', code: 'timeout', output: 'no answer' }))
    const bad = check('bad', () => Promise.reject(new Error()))
    const cut = run([check('hangs', never), bad, says], settings)
    await settings.clock.advance(60)
    const [timedOut, failed, said] = await cut
    expect(said).toMatchObject({ expires: said?.timestamp, isCutShort: true })
    expect(timedOut).toMatchObject({ code: 'timeout', expires: timedOut?.timestamp, isCutShort: true })
    expect(failed).not.toHaveProperty('isCutShort')
    expect(failed?.expires).toBe((failed?.timestamp ?? 0) + 9000)
  })

  it('answers at once when no time is left', async () => {
    const settings = options({ deadlineMs: -10 })
    const answer = run([check('hangs', never)], settings)
    await settings.clock.advance(0)
    expect((await answer)[0]).toMatchObject({ code: 'timeout' })
  })

  it('leaves no timer behind', async () => {
    const settings = options()
    await run([check('good', () => pass), check('bad', () => Promise.reject(new Error()))], settings)
    await settle()
    expect(settings.clock.timers).toBe(0)
  })

  it('aborts what a check left under way after its answer', async () => {
    let signal: AbortSignal | undefined
    await run(
      [
        check('own', (context) => {
          signal = context.signal
          return pass
        }),
      ],
      options(),
    )
    expect(signal?.aborted).toBe(true)
  })

  it('ignores what a check does after its timeout', async () => {
    const settings = options()
    const late = check('late', async () => {
      await settings.clock.sleep(150)
      throw new Error('too late to matter')
    })
    const answer = run([late], settings)
    await settings.clock.advance(200)
    expect((await answer)[0]).toMatchObject({ code: 'timeout' })
  })

  it('does not warn of a check that takes exactly as long as it may', async () => {
    const settings = options({ slowMs: 20 })
    const afterMs = (ms: number) =>
      check(`after-${ms}`, async () => {
        await settings.clock.sleep(ms)
        return pass
      })
    const answer = run([afterMs(20), afterMs(21)], settings)
    await settings.clock.advance(21)
    const [good, slow] = await answer
    expect(good).toMatchObject({ status: 'pass', code: 'ok' })
    expect(slow).toMatchObject({ status: 'warn', code: 'slow', output: 'after-21 answers slowly' })
  })

  it('warns of a check that passes slowly, and leaves a warning or a fault as it is', async () => {
    const settings = options({ slowMs: 10 })
    const after20 = (outcome: Outcome) =>
      check(`${outcome.status}-`, async () => {
        await settings.clock.sleep(20)
        return outcome
      })
    const answer = run(
      [
        after20(pass),
        after20({ ...pass, status: 'warn', code: 'extra' }),
        after20({ ...pass, status: 'fail', code: 'drift' }),
      ],
      settings,
    )
    await settings.clock.advance(20)
    expect((await answer).map(({ status, code }) => [status, code])).toEqual([
      ['warn', 'slow'],
      ['warn', 'extra'],
      ['fail', 'drift'],
    ])
  })
})

describe('a check that depends on another', () => {
  const fails = (name: string, code: CheckError['code'], dependsOn?: string) =>
    check(name, () => Promise.reject(new CheckError(code, 'x')), dependsOn ? { dependsOn } : {})

  it('takes over the code of the one that could not be asked either', async () => {
    const [database, migrations] = await run(
      [fails('database', 'unauthorized'), fails('migrations', 'timeout', 'database')],
      options(),
    )
    expect(database).toMatchObject({ code: 'unauthorized' })
    expect(database).not.toHaveProperty('causedBy')
    expect(migrations).toMatchObject({
      code: 'unauthorized',
      output: 'migrations could not be asked: the credentials were refused',
      causedBy: 'database',
    })
  })

  it.each(['quota_exceeded', 'unauthorized', 'timeout', 'unreachable', 'wrong_answer'] as const)(
    'repeats that the other one cannot be asked: %s',
    async (code) => {
      const own = code === 'timeout' ? 'unreachable' : 'timeout'
      const [, migrations] = await run(
        [fails('database', code), fails('migrations', own, 'database')],
        options(),
      )
      expect(migrations).toMatchObject({ code, causedBy: 'database' })
    },
  )

  it('keeps a fault of its own', async () => {
    const drift = check('migrations', () => ({ status: 'fail', code: 'drift', output: 'differs' }), {
      dependsOn: 'database',
    })
    const [, migrations] = await run([fails('database', 'timeout'), drift], options())
    expect(migrations).toMatchObject({ code: 'drift' })
    expect(migrations).not.toHaveProperty('causedBy')
  })

  it('keeps its code when the other passes or was not asked', async () => {
    const own = fails('migrations', 'timeout', 'database')
    const [, beside] = await run([check('database', () => pass), own], options())
    const [alone] = await run([own], options())
    for (const result of [beside, alone]) expect(result).toMatchObject({ code: 'timeout' })
  })

  it('waits for the other only to explain a fault', async () => {
    const reported: string[] = []
    const settings = options({ onResult: ({ checker }) => reported.push(checker) })
    const answer = run(
      [
        check('redis', never),
        check('celery', () => pass, { dependsOn: 'redis' }),
        fails('backup', 'timeout', 'redis'),
      ],
      settings,
    )
    await settle()
    expect(reported).toEqual(['celery'])
    await settings.clock.advance(100)
    await answer
    expect(reported).toEqual(['celery', 'redis', 'backup'])
  })

  it('is cut short where it repeats what was, and not where the other had its time', async () => {
    const unreachable = fails('migrations', 'unreachable', 'database')
    const isCutShort = async (timeoutMs: number) => {
      const settings = options({ deadlineMs: 60 })
      const answer = run([check('database', never, { timeoutMs }), unreachable], settings)
      await settings.clock.advance(60)
      return (await answer).map((result) => result.isCutShort)
    }
    expect(await isCutShort(100)).toEqual([true, true])
    expect(await isCutShort(60)).toEqual([undefined, undefined])
  })

  it('repeats the last fault of a check that is not part of the run, and is not cut short by it', async () => {
    const last = { status: 'fail', code: 'unauthorized', output: 'database was refused' } as const
    const known = () => ({ ...last, checker: 'database', timestamp: 0, expires: 9, responseTime: 1 })
    const [migrations] = await run([fails('migrations', 'timeout', 'database')], options({ known }))
    expect(migrations).toMatchObject({ code: 'unauthorized', causedBy: 'database' })
    expect(migrations).not.toHaveProperty('isCutShort')
  })

  it('is cut short with the other one when neither answered', async () => {
    const settings = options({ deadlineMs: 60 })
    const answer = run(
      [check('database', never), check('migrations', never, { dependsOn: 'database' })],
      settings,
    )
    await settings.clock.advance(60)
    expect((await answer)[1]).toMatchObject({ code: 'timeout', causedBy: 'database', isCutShort: true })
  })

  it('is reported once also when both have the same code of any kind', async () => {
    const [, migrations] = await run(
      [fails('database', 'not_configured'), fails('migrations', 'not_configured', 'database')],
      options(),
    )
    expect(migrations).toMatchObject({ code: 'not_configured', causedBy: 'database' })
  })
})
