import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { standardCheckers } from '../../core/standard-checkers.ts'
import { foldersOf } from './folders-of.ts'
import { declaredPackages, isOurs } from './package-json.ts'

/** What a repository shows of what its application uses. */
interface Uses {
  /** Names of JavaScript packages that it depends on. */
  readonly packages: ReadonlySet<string>
  /** Names of Python packages. */
  readonly pythonPackages: ReadonlySet<string>
  /** Names of variables in its `.env` files and their examples. */
  readonly variables: ReadonlySet<string>
}

const redisPackages = [
  '@upstash/redis',
  '@upstash/ratelimit',
  '@vercel/kv',
  'redis',
  'ioredis',
  'bull',
  'bullmq',
  'connect-redis',
]
const redisPythonPackages = ['redis', 'django-redis', 'upstash-redis', 'rq']
const celeryVariable = /^CELERY_/
const redisVariable = /(^|_)REDIS_|^KV_REST_API_/

/**
 * The checks that fit: database and migrations, which init needs anyway; celery and redis where something uses them. Celery is
 * asked through Redis.
 */
export function checksFor({ packages, pythonPackages, variables }: Uses): readonly string[] {
  const someVariable = (pattern: RegExp) => [...variables].some((name) => pattern.test(name))
  const celery = pythonPackages.has('celery') || someVariable(celeryVariable)
  const redis =
    celery ||
    redisPackages.some((name) => packages.has(name)) ||
    redisPythonPackages.some((name) => pythonPackages.has(name)) ||
    someVariable(redisVariable)
  return standardCheckers.filter((name) => (name === 'celery' ? celery : name !== 'redis' || redis))
}

const requirementsName = /^(requirements.*\.(txt|in)|pyproject\.toml|Pipfile|setup\.(py|cfg))$/
const variablesName = /^\.(env|dev\.vars)(\..+)?$/

/** Larger files are not read, in bytes: no list of requirements is so long. */
const maxSize = 1_000_000

/**
 * Reads the repository's lists of dependencies, and the names of its variables. The packages of an earlier init are left
 * out: its folder depends on ioredis for `edge-health start`, also where the application does not use Redis.
 */
export function findUses(root: string): Uses {
  const packages = new Set<string>()
  const pythonPackages = new Set<string>()
  const variables = new Set<string>()
  for (const { folder, entries } of foldersOf(root)) {
    for (const name of entries.filter((entry) => entry.isFile()).map((entry) => entry.name)) {
      const path = join(folder, name)
      if (name === 'package.json' && !isOurs(folder))
        for (const each of declaredPackages(folder).keys()) packages.add(each)
      if (requirementsName.test(name)) for (const each of pythonNames(textOf(path))) pythonPackages.add(each)
      if (variablesName.test(name))
        for (const each of Object.keys(parseEnv(textOf(path)))) variables.add(each)
    }
  }
  return { packages, pythonPackages, variables }
}

/** Whatever stands where the name of a requirement may stand: at the start of a line, or of a text in a list. */
function pythonNames(text: string): string[] {
  const lines = text.replace(/#.*$/gm, '')
  return [...lines.matchAll(/(?:^|["'])\s*([a-z][\w.-]*)/gim)].map(([, name = '']) =>
    name.toLowerCase().replaceAll('_', '-'),
  )
}

function textOf(path: string): string {
  try {
    return statSync(path).size > maxSize ? '' : readFileSync(path, 'utf8')
  } catch {
    // Not for this user to read: it then says nothing.
    return ''
  }
}
