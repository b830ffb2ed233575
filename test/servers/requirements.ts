import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'

export interface Requirement {
  readonly what: string
  readonly packages: readonly string[]
  readonly isThere: () => boolean
}

export const isProgram = (name: string) =>
  ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'].some((path) => existsSync(`${path}/${name}`))

export const runs = (program: string, ...args: string[]) => {
  try {
    execFileSync(program, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** What the tests need beside npm's packages; Postgres comes with those. */
export const testRequirements: readonly Requirement[] = [
  { what: 'openssl', packages: ['openssl'], isThere: () => runs('openssl', 'version') },
  { what: 'redis-server', packages: ['redis-server'], isThere: () => isProgram('redis-server') },
  {
    what: 'Celery with its Redis client, for /usr/bin/python3',
    packages: ['celery', 'python3-redis'],
    isThere: () => runs('/usr/bin/python3', '-c', 'import celery, redis'),
  },
]

/** Vitest's global set-up: nothing is skipped, so what is missing is installed or ends the run in one sentence. */
export default function setup(): void {
  provide('The tests need', testRequirements)
}

/** @param whoNeeds the beginning of the sentence that says what is missing, `The tests need` */
export function provide(whoNeeds: string, requirements: readonly Requirement[]): void {
  const missing = requirements.filter(({ isThere }) => !isThere())
  if (missing.length === 0) return
  const packages = missing.flatMap((requirement) => requirement.packages)
  const what = missing.map((requirement) => requirement.what).join(' and ')
  const command = `apt-get install -y ${packages.join(' ')}`
  if (process.getuid?.() !== 0 || !isProgram('apt-get')) throw new Error(`${whoNeeds} ${what}: ${command}`)
  console.log(`${whoNeeds} ${what}; installing: ${command}`)
  const options = { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const
  execFileSync('apt-get', ['update', '-qq'], options)
  // Debian starts a Redis of its own on the standard port when its package is installed; the tests start theirs.
  execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], options)
  for (const { what: name, isThere } of missing) {
    if (!isThere()) throw new Error(`${whoNeeds} ${name}, and it is still missing after: ${command}`)
  }
}
