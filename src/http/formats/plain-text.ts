import type { Result } from '../../core/check.ts'
import type { Format } from './format.ts'

const marks = { pass: '+', warn: '!', fail: '-' } as const

/**
 * One line for each check and one for all of them, for a terminal and for monitors that search for a word, in the manner of
 * `/readyz?verbose` of Kubernetes (https://kubernetes.io/docs/reference/using-api/health-checks/).
 */
export const plainText: Format = {
  contentType: 'text/plain; charset=utf-8',
  render({ results, passed }) {
    const all = passed ? 'health check passed' : 'health check failed'
    return [...results.map(line), all, ''].join('\n')
  },
}

function line({ status, checker, code, output }: Result): string {
  return status === 'pass'
    ? `[${marks.pass}]${checker} ok`
    : `[${marks[status]}]${checker} ${code}: ${output}`
}
