/** The modules of parts that the Worker has beside its checks: what they bring to the bundle is counted apart. */
export const workerParts = {
  statusPage: /\/src\/http\/(status-page\/|answer-page\.|known-now\.)|\/src\/config\/status-page\./,
  storeAndAlerts:
    /\/src\/(store|history|notify\/alerts)\/|\/src\/configured-(store|alerting)\.|\/src\/config\/(alerts|maintenance)\./,
  formats: /\/src\/http\/(formats\/|answer-last\.|visibility\.)/,
} as const

/** Matches the modules of any of these parts. */
export const anyOf = (...parts: readonly RegExp[]): RegExp =>
  new RegExp(parts.map(({ source }) => source).join('|'))
