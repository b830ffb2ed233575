import type { HttpService } from './http-service.ts'
import type { Switch } from './stand-in.ts'

interface SwitchableService {
  readonly url: string
  readonly power: Switch
  close(): Promise<void>
}

/** @param startAt starts the service at this port, a free one at first */
export async function switchable(
  startAt: (port: number | undefined) => Promise<HttpService>,
): Promise<SwitchableService> {
  const { url, port, close: closeFirst } = await startAt(undefined)
  let close: (() => Promise<void>) | undefined = closeFirst
  /** What is asked for last is done last. */
  let last: Promise<void> = Promise.resolve()
  const next = (work: () => Promise<void>) => {
    last = last.then(work, work)
    return last
  }
  const stop = () =>
    next(async () => {
      await close?.()
      close = undefined
    })
  const start = () =>
    next(async () => {
      close ??= (await startAt(port)).close
    })
  return { url, power: { stop, start }, close: stop }
}
