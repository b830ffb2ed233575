import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Redis } from 'ioredis'
import { familyOf, hasEnded, isRunning, portsOf, start, until, untilReady } from './process.ts'
import { findPython } from './requirements.ts'

/** A real Celery process of the tests' own: a worker or beat. */
export interface CeleryProcess {
  /** Resolves when it says that it is ready, and has subscribed to control messages. */
  ready(): Promise<void>
  /** SIGSTOP to the main process, the one that answers control messages. */
  freeze(): void
  thaw(): void
  /** SIGSTOP to the children of the pool: they hang while the main process lives. */
  freezeChildren(): void
  /** kill -9, and nothing else: no clean-up of what it registered. Resolves when it is gone. */
  kill9(): Promise<void>
  /** SIGTERM: finishes its tasks, takes no new ones, then ends. Does not wait for the end. */
  term(): void
  hasEnded(): boolean
  /** Ends it in any state and waits. */
  stop(): Promise<void>
  output(): string
}

type Started = CeleryProcess & { readonly pid: number }

interface CeleryOptions {
  readonly redisUrl: string
  /** Python module with `app`, `celery_app` of this directory unless another is named. */
  readonly module?: string
  /** Where else Python looks for modules. */
  readonly pythonPath?: string
  /** Celery's settings by their lower-case names, `{ task_serializer: 'pickle' }`. */
  readonly settings?: Record<string, unknown>
  readonly environment?: Record<string, string>
  readonly args?: readonly string[]
}

export interface WorkerOptions extends CeleryOptions {
  readonly name?: string
  readonly pool?: 'prefork' | 'solo' | 'threads'
  readonly concurrency?: number
  readonly queues?: readonly string[]
}

/** On a machine that is busy with other tests Python takes its time. */
const startTimeoutMs = 120_000

const directory = fileURLToPath(new URL('.', import.meta.url))

function environmentOf(options: CeleryOptions): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PYTHONPATH: [directory, options.pythonPath].filter(Boolean).join(':'),
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONUNBUFFERED: '1',
    // Celery asks for it before it runs as root with pickle.
    C_FORCE_ROOT: '1',
    BROKER_URL: options.redisUrl,
    CELERY_SETTINGS: JSON.stringify(options.settings ?? {}),
    ...options.environment,
  }
}

/** Mingle takes a second of every start and matters only among many workers. */
const quickStart = ['--without-mingle', '--without-gossip']

/** Starts a worker. Its `args` take the place of those that make it start quickly. */
export function startWorker(options: WorkerOptions): CeleryProcess {
  const { name = 'w1@test', pool = 'prefork', concurrency = 1, queues = ['celery'] } = options
  const worker = startCelery(options, ' ready.', [
    ...['worker', '--hostname', name, '--pool', pool, '--concurrency', String(concurrency)],
    ...['--queues', queues.join(','), '--loglevel', 'INFO'],
    ...(options.args ?? quickStart),
  ])
  return {
    ...worker,
    async ready() {
      await worker.ready()
      if (options.settings?.['worker_enable_remote_control'] === false) return
      // It says so a moment before it subscribes, which is long on a busy machine. Where that cannot be asked, the test goes on.
      await until('it has subscribed', () => isSubscribed(worker.pid, options.redisUrl), 20_000).catch(
        () => {},
      )
    },
  }
}

/** Whether Redis knows one of the connections of this process for that of a subscriber. */
async function isSubscribed(pid: number, redisUrl: string): Promise<boolean> {
  const url = new URL(redisUrl)
  // A user of the worker's own may not list connections; the default one may.
  if (url.username !== '') Object.assign(url, { username: '', password: '' })
  const client = new Redis(url.href, { lazyConnect: true, retryStrategy: () => null })
  client.on('error', () => {})
  try {
    await client.connect()
    const ports = portsOf(pid)
    return String(await client.client('LIST'))
      .split('\n')
      .some((line) => / psub=[1-9]/.test(line) && ports.has(Number(/ addr=\S*:(\d+) /.exec(line)?.[1])))
  } finally {
    client.disconnect()
  }
}

/** Starts beat, the scheduler; its state lies in `stateDirectory`. */
export function startBeat(options: CeleryOptions & { stateDirectory: string }): CeleryProcess {
  return startCelery(options, 'beat: Starting', [
    ...['beat', '--schedule', `${options.stateDirectory}/schedule`, '--pidfile', '', '--loglevel', 'INFO'],
    ...(options.args ?? []),
  ])
}

/** Runs Python with `app` imported and returns what it prints, parsed as JSON. */
export async function runPython(options: CeleryOptions, code: string): Promise<unknown> {
  const imports = `import json, time\nfrom ${options.module ?? 'celery_app'} import app\n`
  const run = promisify(execFile)
  const { stdout } = await run(findPython(), ['-c', imports + code], {
    env: environmentOf(options),
    timeout: 120_000,
  })
  return stdout.trim() === '' ? undefined : JSON.parse(stdout)
}

function startCelery(options: CeleryOptions, readyLine: string, args: string[]): Started {
  const celery = start(findPython(), ['-m', 'celery', '--app', options.module ?? 'celery_app', ...args], {
    env: environmentOf(options),
  })
  const { child, output } = celery
  // Nobody is signalled in the place of a process that never was.
  const pid = child.pid ?? Number.NaN
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const signal = (target: number, name: NodeJS.Signals) => {
    try {
      process.kill(target, name)
    } catch {
      // Already gone.
    }
  }
  async function kill9(): Promise<void> {
    if (hasEnded(child)) return
    const family = familyOf(pid)
    for (const member of family) signal(member, 'SIGKILL')
    await gone
    // A child of the pool holds the connections of its parent: to Redis the worker is there as long as one of them is.
    await until('the pool is gone', () => !family.some(isRunning))
  }
  return {
    pid,
    output,
    ready: () => untilReady('Celery', celery, () => output().includes(readyLine), startTimeoutMs),
    freeze: () => signal(pid, 'SIGSTOP'),
    thaw: () => signal(pid, 'SIGCONT'),
    freezeChildren: () => {
      for (const member of familyOf(pid)) if (member !== pid) signal(member, 'SIGSTOP')
    },
    hasEnded: () => hasEnded(child),
    kill9,
    term: () => signal(pid, 'SIGTERM'),
    stop: kill9,
  }
}
