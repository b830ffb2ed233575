const runbook = 'https://github.com/edge-health-check/edge-health-check/blob/main/docs/runbook.md'

/** The link to what a code means and how it is fixed. */
export const runbookOf = (code: string): string => `${runbook}#${code}`
