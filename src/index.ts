/**
 * What an application needs for checks of its own. The function itself is made by `edge-health-check/worker`
 * (Cloudflare Workers) or `edge-health-check/lambda` (AWS Lambda).
 * @module
 */
export { type HttpCheckOptions, httpCheck } from './checks/ready/http.ts'
export type { Check, CheckContext, Code, Details, FaultCode, Outcome, Result, Status } from './core/check.ts'
export { CheckError } from './core/check.ts'
