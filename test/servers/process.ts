import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { createServer } from 'node:net'

/**
 * A TCP port of 127.0.0.1 that was free a moment ago. The system itself gives to no connection and to no server without a port
 * of its own one below 32768 (`ip_local_port_range`), so it is free a moment later too.
 */
export async function freePort(): Promise<number> {
  for (let triesLeft = 100; ; triesLeft -= 1) {
    // `fetch` refuses some of those below 20000.
    const port = randomInt(20_000, 32_768)
    const isFree = await new Promise<boolean>((resolve, reject) => {
      const probe = createServer()
      probe.once('error', (error: NodeJS.ErrnoException) =>
        error.code === 'EADDRINUSE' && triesLeft > 0 ? resolve(false) : reject(error),
      )
      probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
    })
    if (isFree) return port
  }
}

/**
 * Starts a server on a free port, and on another one when somebody else was quicker to take it.
 *
 * @param startOn rejects with what the server printed
 */
export async function onFreePort<T>(startOn: (port: number) => Promise<T>): Promise<T> {
  for (let triesLeft = 4; ; triesLeft -= 1) {
    try {
      return await startOn(await freePort())
    } catch (error) {
      if (triesLeft === 0 || !/address already in use/i.test(String(error))) throw error
    }
  }
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Repeats `attempt` until it returns a value other than undefined or false; the last error is the reason. */
export async function until<T>(what: string, attempt: () => Promise<T> | T, timeoutMs = 60_000): Promise<T> {
  const end = Date.now() + timeoutMs
  let reason: unknown
  while (Date.now() < end) {
    try {
      const value = await attempt()
      if (value !== undefined && value !== false) return value
    } catch (error) {
      reason = error
    }
    await sleep(25)
  }
  throw new Error(`${what}: not within ${timeoutMs} ms`, { cause: reason })
}

/** The process and every descendant of it, by /proc (Linux) so that backends in sessions of their own are found. */
export function familyOf(pid: number): number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
    } catch {
      // The process ended while we looked.
    }
  }
  const family = [pid]
  for (const member of family) {
    for (const [child, parent] of parents) if (parent === member) family.push(child)
  }
  return family
}

/** The ports of this machine on which the process holds IPv4 connections, by /proc (Linux). */
export function portsOf(pid: number): Set<number> {
  const folder = `/proc/${pid}/fd`
  const inodes = readdirSync(folder).flatMap((name) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`${folder}/${name}`))?.[1] ?? []
    } catch {
      // It was closed while we looked.
      return []
    }
  })
  const rows = readFileSync(`/proc/${pid}/net/tcp`, 'utf8').split('\n').slice(1)
  const columns = rows.map((row) => row.trim().split(/\s+/))
  const own = columns.filter(([, , , , , , , , , inode = '']) => inodes.includes(inode))
  return new Set(own.map(([, local = '']) => Number.parseInt(local.split(':')[1] ?? '', 16)))
}

/** Whether the process has not ended; one that has and that nobody has asked for since holds nothing any more. */
export function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2))
  } catch {
    return false
  }
}

export function signalFamily(pid: number, signal: NodeJS.Signals): void {
  for (const member of familyOf(pid)) {
    try {
      process.kill(member, signal)
    } catch {
      // Already gone.
    }
  }
}

/** Ends the process and waits for it; SIGKILL after `graceMs`. Works on frozen processes too. */
export async function endProcess(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM', graceMs = 5000) {
  if (child.pid === undefined || hasEnded(child)) return
  const family = familyOf(child.pid)
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const kill = (pid: number, name: NodeJS.Signals) => {
    try {
      process.kill(pid, name)
    } catch {
      // Already gone.
    }
  }
  for (const pid of family) kill(pid, 'SIGCONT')
  kill(child.pid, signal)
  const timer = setTimeout(() => {
    for (const pid of family) kill(pid, 'SIGKILL')
  }, graceMs)
  await gone
  clearTimeout(timer)
}

/** A program that was started, and what it printed last. */
export interface Started {
  readonly child: ChildProcess
  readonly output: () => string
}

export const hasEnded = ({ pid, exitCode, signalCode }: ChildProcess): boolean =>
  pid === undefined || exitCode !== null || signalCode !== null

/**
 * Waits until a program is ready. When it ends before, or is not ready in time, it is ended.
 *
 * @throws {Error} with what it printed
 */
export async function untilReady(
  name: string,
  { child, output }: Started,
  isReady: () => Promise<boolean> | boolean,
  timeoutMs?: number,
): Promise<void> {
  const look = async () => (hasEnded(child) ? 'ended' : (await isReady()) && 'ready')
  try {
    if ((await until(`${name} ready`, look, timeoutMs)) === 'ended') throw new Error('it ended')
  } catch (cause) {
    await endProcess(child)
    throw new Error(`${name} did not start: ${output()}`, { cause })
  }
}

/** Starts a program and keeps the last of what it prints, for the error message when it does not come up. */
export function start(
  command: string,
  args: string[],
  options: { uid?: number; gid?: number; env?: NodeJS.ProcessEnv; cwd?: string } = {},
): Started {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  const keep = (chunk: Buffer) => {
    text = (text + chunk.toString()).slice(-200_000)
  }
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  child.once('error', (error) => keep(Buffer.from(String(error))))
  return { child, output: () => text }
}
