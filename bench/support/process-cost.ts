import { readdirSync, readFileSync } from 'node:fs'
import { familyOf } from '../../test/servers/process.ts'

/** Memory of a process and its descendants in bytes, shared pages divided among those who share them (PSS). */
export function memoryOf(pid: number): number {
  return familyOf(pid).reduce((sum, member) => sum + proportionalSetSize(member), 0)
}

function proportionalSetSize(pid: number): number {
  const kibibytes = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]
  return Number(kibibytes ?? 0) * 1024
}

/** CPU time of all threads of a process so far, in ms with ns resolution (proc(5), schedstat). */
export function cpuMsOf(pid: number): number {
  return readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => sum + threadCpuMs(pid, thread), 0)
}

function threadCpuMs(pid: number, thread: string): number {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1e6
  } catch {
    // The thread ended while we looked.
    return 0
  }
}
