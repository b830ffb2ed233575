import * as v from 'valibot'
import { parseJson } from '../../clients/json.ts'

const result = v.object({
  checker: v.string(),
  output: v.string(),
  passed: v.boolean(),
  timestamp: v.number(),
  response_time: v.number(),
  status: v.optional(v.picklist(['pass', 'warn', 'fail'])),
  code: v.optional(v.string()),
  expires: v.optional(v.number()),
  details: v.optional(v.record(v.string(), v.unknown())),
})

// An answer without results proves nothing, so it does not count as an answer.
const healthAnswer = v.object({
  status: v.picklist(['success', 'failure']),
  results: v.pipe(v.array(result), v.minLength(1)),
  hostname: v.optional(v.string()),
  release: v.optional(v.string()),
})

/** The body of `/health-check`; the optional keys are those that Runscope healthcheck does not have. */
export type HealthAnswer = v.InferOutput<typeof healthAnswer>
export type AnsweredResult = v.InferOutput<typeof result>

/** @returns undefined for anything that is not the body of a health check, a placeholder page for instance */
export function readHealthAnswer(text: string): HealthAnswer | undefined {
  const parsed = v.safeParse(healthAnswer, parseJson(text))
  return parsed.success ? parsed.output : undefined
}

/** The `code` of the endpoint's own error bodies (`unauthorized`, `unknown_check`, …), where it is one. */
export function readErrorCode(text: string): string | undefined {
  const parsed = v.safeParse(v.object({ error: v.string(), code: v.string() }), parseJson(text))
  return parsed.success ? parsed.output.code : undefined
}
