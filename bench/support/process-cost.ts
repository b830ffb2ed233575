import { readFileSync } from 'node:fs'
import { familyOf } from '../../test/servers/process.ts'

/** Memory of a process and its descendants in bytes, shared pages divided among those who share them (PSS). */
export function memoryOf(pid: number): number {
  return familyOf(pid).reduce((sum, member) => sum + proportionalSetSize(member), 0)
}

function proportionalSetSize(pid: number): number {
  const kibibytes = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]
  return Number(kibibytes ?? 0) * 1024
}

/**
 * CPU time so far of a process's main thread, in ms with the resolution of ns (Linux, Documentation/scheduler/sched-stats).
 * In workerd that is the thread that runs the Worker and its I/O; V8's helpers compile and collect beside it.
 */
export function mainThreadCpuMs(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6
}
