import { createHmac, timingSafeEqual } from 'node:crypto'
import { parseJson } from '../clients/json.ts'
import { isRecord } from '../core/is-record.ts'
import { type Answer, type Exchange, type HttpService, readBody, serveHttp } from './http-service.ts'
import type { Switch } from './stand-in.ts'

interface LocalAlertsOptions {
  /** ALERT_WEBHOOK_SECRET of the Worker: only what it signs is printed. */
  readonly secret: string
  readonly print: (line: string) => void
  /** What can be stopped to see an alert; undefined for a database of somebody else. */
  readonly database: Switch | undefined
}

const maxAlertBytes = 65_536
const notFound: Answer = { status: 404, body: { error: 'not found' } }
const done: Answer = { status: 200, body: { done: true } }

/**
 * Where the Worker of `npm start` sends its alerts: each is printed as one line. `POST /database/stop` and
 * `POST /database/start` make the embedded Postgres unreachable and bring it back.
 */
export function startLocalAlerts(options: LocalAlertsOptions): Promise<HttpService> {
  const { database } = options
  const actions: Readonly<Record<string, (exchange: Exchange) => Promise<Answer>>> = {
    '/alerts': (exchange) => takeAlert(exchange, options),
    ...(database && {
      '/database/stop': () => database.stop().then(() => done),
      '/database/start': () => database.start().then(() => done),
    }),
  }
  return serveHttp(async (exchange) => {
    const action = Object.hasOwn(actions, exchange.path) ? actions[exchange.path] : undefined
    if (!action) return notFound
    if (exchange.request.method !== 'POST') return { status: 405, body: { error: 'expected POST' } }
    return action(exchange)
  })
}

async function takeAlert({ request }: Exchange, { secret, print }: LocalAlertsOptions): Promise<Answer> {
  const body = (await readBody(request, maxAlertBytes)).toString()
  const signature = String(request.headers['x-edge-health-signature'] ?? '')
  if (!isSigned(body, signature, secret)) return { status: 401, body: { error: 'the signature is wrong' } }
  print(lineOf(parseJson(body)))
  return { status: 200, body: { taken: true } }
}

/** As docs/alerts.md says: `t=<epoch seconds>,v1=<hex>`, the HMAC-SHA-256 of `<t>.<body>`. */
function isSigned(body: string, signature: string, secret: string): boolean {
  const [, time = '', given = ''] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(signature) ?? []
  const expected = createHmac('sha256', secret).update(`${time}.${body}`).digest()
  return given !== '' && timingSafeEqual(expected, Buffer.from(given, 'hex'))
}

/** `alert: database fails: database cannot be reached (unreachable)` */
function lineOf(alert: unknown): string {
  const { event, check, output, code, duration_seconds: seconds } = isRecord(alert) ? alert : {}
  const verbs: Readonly<Record<string, string>> = {
    fired: 'fails',
    resolved: `works again after ${seconds} s`,
    reminder: 'still fails',
    flapping: 'changes all the time',
  }
  return `alert: ${check} ${verbs[String(event)] ?? event}: ${output} (${code})`
}
