import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { commandVariables, deployedVariables, functionVariables } from '../../src/cli/init/variable-texts.ts'
import { type Environment, readConfig, secretsOf } from '../../src/config/config.ts'
import { isVariable, openVariables, secretVariables, ttlVariables } from '../../src/config/variables.ts'
import { standardCheckers } from '../../src/core/standard-checkers.ts'
import { parseYaml } from '../support/yaml.ts'

const names = [...secretVariables, ...openVariables]
const texts = Object.entries(functionVariables)

/** Every name that is looked up while this environment is read. */
function namesRead(environment: Environment): string[] {
  const read = new Set<string>()
  const get = (target: Environment, name: string) => {
    read.add(name)
    return target[name]
  }
  readConfig(new Proxy(environment, { get }), [], { postgres: true, redis: true })
  return [...read]
}

/** An example in a comment reads what an application would. */
const withoutComments = (source: string) => source.replaceAll(/^ *(\/\*\*|\*).*$/gm, '')

describe('the table of variables', () => {
  it('has every variable that the function reads, and no other', () => {
    const read = new Set([
      ...namesRead({}),
      ...namesRead({ UPSTASH_REDIS_REST_URL: 'https://redis.example' }),
      ...namesRead({ KV_REST_API_URL: 'https://redis.example' }),
    ])
    const ttls = standardCheckers.flatMap((checker) => Object.values(ttlVariables(checker)))
    expect([...read].sort()).toEqual([...names, ...ttls].sort())
  })

  it('is described in full, each in one sentence', () => {
    expect(Object.keys(functionVariables).sort()).toEqual([...names].sort())
    for (const [name, { meaning }] of texts) expect(meaning, name).toMatch(/^\S[^\n]*[^.\s]$/)
  })

  it.each(texts.filter(([, text]) => text.default !== undefined))(
    'says which value %s has when it is unset',
    (name, text) => {
      const config = (environment: Environment) => JSON.stringify(readConfig(environment))
      const ttls = (environment: Environment) =>
        ['pass', 'fail'].map((status) => readConfig(environment).timing.ttlMs('x', status as 'pass' | 'fail'))
      expect(config({ [name]: text.default })).toBe(config({}))
      expect(ttls({ [name]: text.default })).toEqual(ttls({}))
    },
  )

  it.each(texts)('says which check a wrong %s concerns', (name, { check }) => {
    const complete = {
      DATABASE_HTTP_ENDPOINT: 'https://sql.example/sql',
      ...(name !== 'REDIS_URL' && { KV_REST_API_URL: 'https://redis.example', KV_REST_API_TOKEN: 'token' }),
    }
    const { mistakes } = readConfig({ ...complete, [name]: 'two\nlines' }, [], { redis: true })
    expect(mistakes.filter(({ variable }) => variable === name)[0]).toMatchObject({ variable: name })
    expect(mistakes.filter(({ variable }) => variable === name).map((mistake) => mistake.check)).toEqual([
      check,
    ])
  })

  it('decides what is scrubbed', () => {
    for (const name of secretVariables) expect(secretsOf({ [name]: 'planted' }), name).toContain('planted')
    for (const name of openVariables) expect(secretsOf({ [name]: 'planted-value-1' }), name).toEqual([])
  })

  it('knows the variables of a custom check', () => {
    expect(ttlVariables('mail-out')).toEqual({
      pass: 'HEALTH_MAIL_OUT_TTL_PASS',
      fail: 'HEALTH_MAIL_OUT_TTL_FAIL',
    })
    expect(isVariable('HEALTH_MAIL_OUT_TTL_PASS')).toBe(true)
    for (const name of ['HEALTH_MAIL_OUT_TTL', 'MY_HEALTH_MAIL_TTL_PASS', 'HEALTH_MAIL_TTL_PASSED']) {
      expect(isVariable(name)).toBe(false)
    }
  })

  it('has every variable that a command reads, but for those of the terminal and of the platforms', () => {
    const foreign =
      /^(CI|TERM|NO_COLOR|FORCE_COLOR|GITHUB_ACTIONS|GITHUB_STEP_SUMMARY|npm_lifecycle_event|CF_VERSION_METADATA|PG[A-Z]+)$/
    const read = globSync('src/**/*.ts').flatMap((file) =>
      [
        ...withoutComments(readFileSync(file, 'utf8')).matchAll(/\b(?:env|environment)\['([A-Za-z_]+)'\]/g),
      ].map(([, name]) => name),
    )
    const known = (name = '') =>
      isVariable(name) || Object.hasOwn(commandVariables, name) || foreign.test(name)
    expect(read.length).toBeGreaterThan(10)
    expect(read.filter((name) => !known(name))).toEqual([])
    expect(Object.keys(commandVariables).filter((name) => !read.includes(name))).toEqual([])
  })
})

describe('the table of variables is that of', () => {
  /** Its rows, as cells; it is on the page of the configuration, or in the README. */
  const rows = globSync(['docs/configuration.md', 'README.md']).flatMap((file) =>
    (/^\| variable \|.*\n((?:\|.*\n)+)/m.exec(readFileSync(file, 'utf8'))?.[1] ?? '')
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) => line.split('|').map((cell) => cell.trim())),
  )
  const namesIn = (cell = '') => [...cell.matchAll(/`([A-Z][A-Z_]+)`/g)].map(([, name]) => name ?? '')

  it('the documents: every name, no other, and each default', () => {
    const documented = rows.flatMap(([, first]) => namesIn(first))
    const mentioned = rows.flatMap(([, first, second]) => [...namesIn(first), ...namesIn(second)])
    const all = [...names, ...Object.keys(commandVariables)]
    expect(all.filter((name) => !mentioned.includes(name))).toEqual([])
    expect(documented.filter((name) => !all.includes(name) && !isVariable(name))).toEqual([])
    for (const [name, text] of [...texts, ...Object.entries(commandVariables)]) {
      const row = rows.find(([, first]) => namesIn(first).includes(name))
      if (text.default !== undefined) expect(row?.[2], name).toContain(`\`${text.default}\``)
    }
    for (const [name, { when }] of Object.entries(commandVariables)) {
      expect(rows.find(([, first]) => namesIn(first).includes(name))?.[1], name).toContain(when)
    }
  })

  it('serverless.yml, in the same order', () => {
    const { provider } = parseYaml(readFileSync('serverless.yml', 'utf8')) as {
      provider: { environment: Record<string, string> }
    }
    expect(Object.keys(provider.environment)).toEqual(deployedVariables())
  })
})
