import { readFileSync } from 'node:fs'

type Fixture =
  | 'function-url-get'
  | 'http-api-head'
  | 'function-url-post-base64'
  | 'eventbridge-rule'
  | 'eventbridge-scheduler'

/** An event as AWS sends it. */
export function recorded(name: Fixture): Record<string, unknown> {
  return JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8'))
}

/** A request as a Function URL hands it over: header names in lower case, the path still percent-encoded. */
export function requestEvent(
  target: string,
  { method = 'GET', headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): Record<string, unknown> {
  const event = recorded('function-url-get')
  const [rawPath = '/', rawQueryString = ''] = target.split(/\?(.*)/s)
  const context = event['requestContext'] as { http: object }
  return {
    ...event,
    rawPath,
    rawQueryString,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    requestContext: { ...context, http: { ...context.http, method, path: rawPath } },
  }
}
