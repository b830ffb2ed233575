import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { validateCustomChecks } from '../../src/checks/custom.ts'
import type { Check, CustomCheck } from '../../src/core/check.ts'
import { createHealth } from '../../src/health.ts'

const check = (name: string, more: object = {}): Check => ({
  name,
  run: () => ({ status: 'pass', code: 'ok', output: `${name} ok` }),
  ...more,
})

describe('checks of an application’s own', () => {
  it.each<[string, Check[]]>([
    ['none at all', []],
    ['two that know nothing of each other', [check('mail'), check('payments', { timeoutMs: 0.5 })]],
    [
      'a chain of them that ends at a standard one',
      [check('a', { dependsOn: 'b' }), check('b', { dependsOn: 'redis' })],
    ],
    ['one that depends on what is not here', [check('a', { dependsOn: 'elsewhere' })]],
  ])('are taken when there are %s', (_, checks) => {
    expect(() => validateCustomChecks(checks)).not.toThrow()
  })

  it.each<[string, object[], string]>([
    ['has no name', [check(undefined as never)], 'undefined is not'],
    ['has a number for a name', [check(7 as never)], '7 is not'],
    ['has a name in capitals', [check('Mail')], '"Mail" is not'],
    ['has the name of a standard one', [check('redis')], 'The check redis ships with'],
    ['has the name of another', [check('mail'), check('mail')], 'Two checks are named mail'],
    ['asks nothing', [check('mail', { run: undefined })], 'The check mail has no function run'],
    [
      'has no number for a timeout',
      [check('mail', { timeoutMs: Number.NaN })],
      'timeoutMs of the check mail',
    ],
    ['has no time', [check('mail', { timeoutMs: 0 })], 'timeoutMs of the check mail'],
    ['has all the time', [check('mail', { timeoutMs: Infinity })], 'timeoutMs of the check mail'],
    ['has a text for a timeout', [check('mail', { timeoutMs: '1000' })], 'timeoutMs of the check mail'],
    ['depends on itself', [check('mail', { dependsOn: 'mail' })], 'The check mail depends on itself'],
    [
      'depends on itself by way of others',
      [
        check('x', { dependsOn: 'a' }),
        check('a', { dependsOn: 'b' }),
        check('b', { dependsOn: 'c' }),
        check('c', { dependsOn: 'a' }),
      ],
      'The check a depends on itself',
    ],
  ])('are refused in a sentence when one %s', (_, checks, sentence) => {
    expect(() => validateCustomChecks(checks as Check[])).toThrow(sentence)
  })
})

describe('what a check of one’s own is given', () => {
  const ask = async (mail: CustomCheck, environment: Record<string, unknown> = {}) => {
    const health = createHealth({
      environment: { HEALTH_CHECKS: 'mail', ...environment },
      checks: [mail],
      write: () => {},
    })
    return (await health.check({ hostname: 'here' })).results[0]
  }

  it('is the whole environment, bindings of any kind too', async () => {
    const KV = { get: async () => 'a value of the namespace' }
    const mail: CustomCheck = {
      name: 'mail',
      async run({ env }) {
        const kv = env['KV'] as typeof KV
        return { status: 'pass', code: 'ok', output: `${env['MAIL_NAME']}: ${await kv.get()}` }
      },
    }
    expect(await ask(mail, { KV, MAIL_NAME: 'mail' })).toMatchObject({
      output: 'mail: a value of the namespace',
    })
  })

  it('is called as the method that it is, with its timeout and its primary check', async () => {
    class Mail {
      readonly name = 'mail'
      readonly timeoutMs = 50
      readonly #answer = 'mail ok'
      run() {
        return { status: 'pass', code: 'ok', output: this.#answer } as const
      }
    }
    expect(await ask(new Mail())).toMatchObject({ output: 'mail ok' })
    const silent: CustomCheck = { name: 'mail', timeoutMs: 50, run: () => new Promise(() => {}) }
    expect(await ask(silent)).toMatchObject({
      code: 'timeout',
      details: { reason: 'no answer within 50 ms' },
    })
  })
})

it('the page about them shows the example check as it is', () => {
  const page = readFileSync('docs/custom-checks.md', 'utf8')
  expect(page.split('<!-- example/mail-check.ts -->\n```ts\n')[1]?.split('```')[0]).toBe(
    readFileSync('example/mail-check.ts', 'utf8').replace('../src/core/check.ts', 'edge-health-check'),
  )
})
