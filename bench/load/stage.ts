import { startWorkerd, type WorkerdServer } from '../../test/servers/workerd.ts'
import { type Peer, startFlask, startTerminus } from '../support/peers.ts'
import { type Stand, startStand, uncached } from '../support/stand.ts'

/** Everything that is measured side by side, all asking the same Postgres, Redis and Celery worker. */
export interface Stage {
  readonly stand: Stand
  readonly floor: WorkerdServer
  readonly cached: WorkerdServer
  readonly uncached: WorkerdServer
  /** Flask as it is used: 27 s of cache in each process. */
  readonly flask: Peer
  readonly flaskUncached: Peer
  /** Flask, uncached, without the question to Celery, which is a wait of a second whatever is asked. */
  readonly flaskWithoutCelery: Peer
  readonly terminus: Peer
  close(): Promise<void>
}

export const path = '/health-check'

export async function startStage(): Promise<Stage> {
  const stand = await startStand()
  const open: { close(): Promise<void> }[] = [stand]
  const keep = async <Server extends { close(): Promise<void> }>(starting: Promise<Server>) => {
    const server = await starting
    open.push(server)
    return server
  }
  const close = async () => {
    for (const server of open.splice(0).reverse()) await server.close()
  }
  const dependencies = stand.peerDependencies
  try {
    return {
      stand,
      floor: await keep(startWorkerd({ entry: 'bench/workers/floor.ts' })),
      cached: await keep(stand.startOurs()),
      uncached: await keep(stand.startOurs(uncached)),
      flask: await keep(startFlask(dependencies)),
      flaskUncached: await keep(startFlask(dependencies, { TTL_PASS: '0', TTL_FAIL: '0' })),
      flaskWithoutCelery: await keep(
        startFlask(dependencies, { TTL_PASS: '0', TTL_FAIL: '0', CHECKS: 'database,redis' }),
      ),
      terminus: await keep(startTerminus(dependencies)),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Asks once. @throws unless the answer is the status that a healthy application gives */
export async function askHealthy({ url }: { readonly url: string }, query = ''): Promise<number> {
  const start = performance.now()
  const answer = await fetch(`${url}${path}${query}`, { signal: AbortSignal.timeout(10_000) })
  const body = await answer.text()
  if (answer.status !== 200)
    throw new Error(`${url} answered ${answer.status}, and all is well here: ${body}`)
  return performance.now() - start
}
