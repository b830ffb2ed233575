import { type AnsweredResult, type HealthAnswer, readErrorCode, readHealthAnswer } from './answer.ts'

/** What one attempt saw. */
export type Observation =
  | { readonly kind: 'answer'; readonly status: number; readonly text: string }
  | { readonly kind: 'no_answer'; readonly reason: string }

/** What the deploy should have brought about. */
export interface Expectation {
  /** The commit that should answer; any when absent. */
  readonly release?: string | undefined
  /** The checks that were asked for by name; those that the deployment has when empty. */
  readonly checks: readonly string[]
}

export type VerdictKind = 'healthy' | 'unhealthy' | 'refused' | 'wrong_release' | 'unreachable'

/** What one attempt means. */
export interface Verdict {
  readonly kind: VerdictKind
  /** One sentence without a full stop, for the attempt's line. */
  readonly reason: string
  readonly answer?: HealthAnswer
}

/** A reason is kept for every attempt, so it is cut, in characters: what answers may be anything. */
const longest = 1000

/** Judges one attempt by itself. */
export function judge(observation: Observation, expectation: Expectation): Verdict {
  if (observation.kind === 'no_answer') return { kind: 'unreachable', reason: observation.reason }
  const answer = readHealthAnswer(observation.text)
  return answer ? judgeAnswer(observation.status, answer, expectation) : judgeOther(observation)
}

function judgeAnswer(status: number, answer: HealthAnswer, { release, checks }: Expectation): Verdict {
  // Before anything else: what an old release says proves nothing about the new one.
  if (release && !isRelease(answer.release, release)) {
    const found = answer.release
      ? `release ${answer.release.slice(0, longest)} answers`
      : 'the answer names no release'
    return { kind: 'wrong_release', reason: `${found}, ${release} is expected`, answer }
  }
  const bad = answer.results.filter((result) => !result.passed)
  if (bad.length > 0)
    return { kind: 'unhealthy', reason: bad.map(describe).join('; ').slice(0, longest), answer }
  const missing = checks.filter((name) => !answer.results.some((result) => result.checker === name))
  if (missing.length > 0) return { kind: 'unhealthy', reason: `no result for ${missing.join(', ')}`, answer }
  if (answer.status !== 'success' || status < 200 || status > 299) {
    return {
      kind: 'unhealthy',
      reason: `the answer contradicts itself: every check passes, HTTP ${status}`,
      answer,
    }
  }
  return { kind: 'healthy', reason: 'healthy', answer }
}

function judgeOther({ status, text }: { status: number; text: string }): Verdict {
  const code = readErrorCode(text)
  if (status === 401) {
    return {
      kind: 'refused',
      reason: 'HTTP 401: no token was given, it is wrong, or the deployment has none set',
    }
  }
  if (status === 403)
    return { kind: 'refused', reason: 'HTTP 403: something in front of the deployment refused' }
  if (code === 'unknown_check') return { kind: 'refused', reason: 'the deployment has no check of that name' }
  if (status >= 300 && status < 400) {
    return {
      kind: 'unreachable',
      reason: `HTTP ${status}: a redirect, which is not followed; give the final address`,
    }
  }
  const meaning = status === 404 ? ': nothing is deployed there yet' : ', without the body of a health check'
  return { kind: 'unreachable', reason: `HTTP ${status}${meaning}` }
}

const describe = ({ output, code }: AnsweredResult): string => (code ? `${output} (${code})` : output)

/** Equal, or one is the other one's beginning of at least seven characters, as git abbreviates. */
export function isRelease(found: string | undefined, expected: string): boolean {
  if (found === undefined) return false
  const [short, long] = found.length < expected.length ? [found, expected] : [expected, found]
  return short === long || (short.length >= 7 && long.startsWith(short))
}
