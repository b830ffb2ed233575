import type { Fault, FaultProxy } from '../../test/servers/fault-proxy.ts'
import { sleep } from '../../test/servers/process.ts'
import type { WorkerdServer } from '../../test/servers/workerd.ts'
import { atMost, exactly, type Figure, measured } from '../support/figure.ts'
import { megabytes, ms } from '../support/format.ts'
import { memoryOf } from '../support/process-cost.ts'
import { median } from '../support/rounds.ts'
import { unhandled } from '../support/worker-entry.ts'
import { load } from '../support/wrk.ts'
import { askHealthy, path, type Stage } from './stage.ts'

/** What HEALTH_DEADLINE_MS + 250 ms allows, and what the load generator's own queue may add on a loaded machine. */
const slowestMs = 3500 + 250 + 250
/** V8 collects when it sees fit: memory that keeps growing passes this within minutes, a late collection does not. */
const mostGrowth = 1.25
const connections = 16

const faults: readonly Fault[] = [
  { kind: 'refuse' },
  { kind: 'html' },
  { kind: 'cut' },
  { kind: 'silence' },
  { kind: 'answer', status: 500, body: '{"message":"broken on purpose"}' },
]

/** Load on a short cache while Postgres and Redis break and mend: nothing may be lost, and nothing may pile up. */
export async function measureFlapping({ stand }: Stage, seconds: number): Promise<Figure[]> {
  const { sqlProxy, redisProxy } = stand.stack
  const ours = await stand.startOurs({ HEALTH_TTL_PASS: '1', HEALTH_TTL_FAIL: '1' })
  const stop = new AbortController()
  try {
    await askHealthy(ours)
    const flapping = flap([sqlProxy, redisProxy], stop.signal)
    const watching = watch(ours, stop.signal)
    const seen = await load({
      url: ours.url + path,
      connections,
      seconds,
      countStatuses: true,
    })
    stop.abort()
    await flapping
    const { memory, complaints } = await watching
    await sleep(1100)
    const recovered = await askHealthy(ours)
    return [
      exactly(`${seconds} s of load, a dependency flapping: requests lost`, seen.lost, 0),
      exactly('answers other than 200 and 503', seen.other, 0),
      exactly('rejections nobody handled, exceptions', complaints, 0),
      atMost('slowest answer', seen.maxMs, slowestMs, ms),
      ...growth(memory),
      measured('answers 200 and 503', `${seen.ok} and ${seen.unavailable}`),
      measured('healthy again, first answer', ms(recovered)),
    ]
  } finally {
    stop.abort()
    await ours.close()
  }
}

/** Breaks one after the other for about a second, each fault in turn, with a second of health between. */
async function flap(proxies: readonly FaultProxy[], signal: AbortSignal): Promise<void> {
  try {
    for (let turn = 0; !signal.aborted; turn += 1) {
      const proxy = proxies[turn % proxies.length] as FaultProxy
      await proxy.set(faults[Math.floor(turn / proxies.length) % faults.length])
      await sleep(1000)
      await proxy.set(undefined)
      // The requests of five minutes are not kept.
      proxy.clear()
      await sleep(1000)
    }
  } finally {
    for (const proxy of proxies) await proxy.set(undefined)
  }
}

async function watch(ours: WorkerdServer, signal: AbortSignal) {
  const memory: number[] = []
  while (!signal.aborted) {
    memory.push(memoryOf(ours.pid))
    await sleep(500)
  }
  // Our own lines are JSON; anything else is the runtime's or the observer's complaint.
  const complaints = ours
    .output()
    .split('\n')
    .filter((line) => line !== '' && (line.includes(unhandled) || !line.startsWith('{')))
  for (const line of new Set(complaints)) console.error(line)
  return { memory, complaints: complaints.length }
}

/** The second quarter of the time, when everything has been used once, against the last. */
function growth(memory: readonly number[]): Figure[] {
  const quarter = Math.floor(memory.length / 4)
  const early = median(memory.slice(quarter, 2 * quarter))
  const late = median(memory.slice(-quarter))
  return [
    atMost('memory, last quarter against the second', late / early, mostGrowth, (value) => value.toFixed(2)),
    measured('memory of workerd at the end', megabytes(late)),
  ]
}
