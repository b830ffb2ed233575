import { neonConfig } from '@neondatabase/serverless'

/** What the driver uses of a fetch: it passes the URL and the request, and reads a good answer as JSON. */
export type DriverFetch = (
  url: string,
  init: RequestInit,
) => Promise<{ readonly ok: true; json(): Promise<unknown> }>

/**
 * Begins a request of the Neon driver with a fetch of its own. The driver has one `fetchFunction` for the whole module
 * (CONFIG.md of the driver), which custom checks and the application around us share, and reads it at the moment when a
 * request begins. So it is set for that moment only, and everybody keeps their own.
 *
 * @param begin must begin the request before it returns: `then` of a query does, the query alone does not
 * @example
 * withDriverFetch(ours, () => sql.query('select 1').then((rows) => rows))
 */
export function withDriverFetch<T>(fetchFunction: DriverFetch, begin: () => Promise<T>): Promise<T> {
  const { fetchFunction: theirs } = neonConfig
  neonConfig.fetchFunction = fetchFunction
  try {
    return begin()
  } finally {
    neonConfig.fetchFunction = theirs
  }
}
