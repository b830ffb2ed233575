import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { provideTestPackages } from './npm-packages.ts'

export interface Requirement {
  readonly what: string
  readonly packages: readonly string[]
  readonly isThere: () => boolean
}

const pathOf = (name: string) =>
  ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin', '/snap/bin']
    .map((directory) => `${directory}/${name}`)
    .find((path) => existsSync(path))

export const isProgram = (name: string) => pathOf(name) !== undefined

export const runs = (program: string, ...args: string[]) => {
  try {
    execFileSync(program, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** The Pythons that may have Celery: the system's own, for Debian's package, or the one on the path. */
const pythons = ['/usr/bin/python3', 'python3']
let python: string | undefined

const redisServer: Requirement = {
  what: 'redis-server',
  packages: ['redis-server'],
  isThere: () => isProgram('redis-server'),
}

const celery: Requirement = {
  what: 'Celery with its Redis client, for Python 3',
  packages: ['celery', 'python3-redis'],
  isThere: () => {
    python ??= pythons.find((candidate) => runs(candidate, '-c', 'import celery, redis'))
    return python !== undefined
  },
}

/** Prometheus's own client library, whose parsers read what a scraper would. */
const prometheusClient: Requirement = {
  what: "Prometheus's client library for Python 3",
  packages: ['python3-prometheus-client'],
  isThere: () => runs('/usr/bin/python3', '-c', 'import prometheus_client.openmetrics.parser'),
}

/** In which the status page is looked at. */
const chromium: Requirement = {
  what: 'Chromium',
  packages: ['chromium'],
  isThere: () => isProgram('chromium'),
}

/** What the tests need beside npm's packages; Postgres 17 comes with those. */
export const testRequirements: readonly Requirement[] = [
  { what: 'openssl', packages: ['openssl'], isThere: () => runs('openssl', 'version') },
  redisServer,
  celery,
  prometheusClient,
  chromium,
]

/** Path of redis-server. @throws {Error} the sentence that says what to install */
export const findRedisServer = (): string => pathOf('redis-server') ?? lack(redisServer)

/** Path of Chromium. @throws {Error} the sentence that says what to install */
export const findChromium = (): string => pathOf('chromium') ?? lack(chromium)

/** Names the Python of the Celery tests, where it is not the one that is found. */
export const pythonVariable = 'TEST_CELERY_PYTHON'

/** A Python that has Celery. @throws {Error} the sentence that says what to install */
export const findPython = (): string =>
  process.env[pythonVariable] || (celery.isThere() && python) || lack(celery)

function lack(requirement: Requirement): never {
  throw new Error(sentence('The tests need', [requirement]))
}

const installing = (missing: readonly Requirement[]) =>
  `apt-get install -y ${missing.flatMap(({ packages }) => packages).join(' ')}`

const sentence = (whoNeeds: string, missing: readonly Requirement[]) =>
  `${whoNeeds} ${missing.map(({ what }) => what).join(' and ')}: ${installing(missing)}`

/** Vitest's global set-up: nothing is skipped, so what is missing is installed or ends the run in one sentence. */
export default function setup(): void {
  provide('The tests need', testRequirements)
}

/**
 * Installs npm's packages for the tests and these requirements, unless they are there.
 *
 * @param whoNeeds the beginning of the sentence that says what is missing, `The tests need`
 */
export function provide(whoNeeds: string, requirements: readonly Requirement[]): void {
  provideTestPackages()
  const missing = requirements.filter(({ isThere }) => !isThere())
  if (missing.length === 0) return
  if (process.getuid?.() !== 0 || !isProgram('apt-get')) throw new Error(sentence(whoNeeds, missing))
  console.log(`Installing: ${sentence(whoNeeds, missing)}`)
  const packages = missing.flatMap((requirement) => requirement.packages)
  const options = { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const
  execFileSync('apt-get', ['update', '-qq'], options)
  // Debian starts a Redis of its own on the standard port when its package is installed; the tests start theirs.
  execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], options)
  for (const { what, isThere } of missing) {
    if (!isThere())
      throw new Error(`${whoNeeds} ${what}, and it is still missing after: ${installing(missing)}`)
  }
}
