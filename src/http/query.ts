const noQuery = new URLSearchParams()

/** Most requests have no query, and parsing a whole URL costs much of an answer from the cache. */
export function queryOf(url: string): URLSearchParams {
  const start = url.indexOf('?')
  return start < 0 ? noQuery : new URLSearchParams(url.slice(start))
}

/** The names in every `check` parameter; repeats merge, empty entries do not count. */
export function askedChecks(query: URLSearchParams): string[] {
  return query
    .getAll('check')
    .flatMap((value) => value.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '')
}
