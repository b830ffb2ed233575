/** What the query of a request asks for. */
export interface Query {
  readonly format?: string | undefined
  readonly fresh: boolean
  readonly details: boolean
  /** The names in every `check` parameter; repeats merge, empty entries do not count. */
  readonly checks: readonly string[]
}

const noQuery: Query = { fresh: false, details: false, checks: [] }

/** Most requests have no query, and to parse one costs much of an answer from the cache. */
export function queryOf(url: string): Query {
  const start = url.indexOf('?')
  if (start < 0) return noQuery
  const parameters = new URLSearchParams(url.slice(start))
  return {
    // A plus sign that is not encoded reads as a space.
    format: parameters.get('format')?.replace('health json', 'health+json'),
    fresh: parameters.has('fresh'),
    details: parameters.has('details'),
    checks: parameters
      .getAll('check')
      .flatMap((value) => value.split(','))
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  }
}
