import { sleep } from '../../test/servers/process.ts'
import { atMost, type Figure, measured } from '../support/figure.ts'
import { ms } from '../support/format.ts'
import { startFlask } from '../support/peers.ts'
import { median } from '../support/rounds.ts'
import { path, type Stage } from './stage.ts'

const mostMs = 50
/** Requests that hang on the frozen Redis meanwhile. */
const hanging = 16
const looks = 20
/** How long the peer's other page is waited for. */
const patienceMs = 10_000

/** With Redis frozen and health checks hanging on it: how long does another route of the same isolate take? */
export async function measureBystander({ stand, uncached }: Stage): Promise<Figure[]> {
  const { redis } = stand.stack
  const flask = await startFlask(stand.peerDependencies, { TTL_PASS: '0', TTL_FAIL: '0' })
  redis.freeze()
  try {
    const checks = ask(uncached.url + path, hanging)
    const took: number[] = []
    for (let look = 0; look < looks; look += 1) {
      await sleep(50)
      took.push(await timed(`${uncached.url}${path}/live`))
    }
    await checks
    const flaskChecks = ask(flask.url + path, hanging)
    await sleep(200)
    const plain = await timed(`${flask.url}/plain`)
    await flask.close()
    await flaskChecks
    return [
      atMost(
        'Redis frozen: slowest answer of another route of the same isolate',
        Math.max(...took),
        mostMs,
        ms,
      ),
      measured('Redis frozen: median answer of that route', ms(median(took))),
      measured(
        'Redis frozen: another page of the Flask application',
        plain < patienceMs ? ms(plain) : `no answer within ${patienceMs / 1000} s`,
      ),
    ]
  } finally {
    redis.thaw()
    await flask.close()
  }
}

/** Sends the requests and lets them hang. Resolves when all of them have ended, in whatever way. */
function ask(url: string, count: number): Promise<unknown> {
  const signal = AbortSignal.timeout(30_000)
  const one = () => fetch(url, { signal }).then((answer) => answer.arrayBuffer())
  return Promise.allSettled(Array.from({ length: count }, one))
}

/** Milliseconds until a 200, or {@link patienceMs} when there is none. */
async function timed(url: string): Promise<number> {
  const start = performance.now()
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(patienceMs) })
    await answer.arrayBuffer()
    return answer.ok ? performance.now() - start : patienceMs
  } catch {
    return patienceMs
  }
}
