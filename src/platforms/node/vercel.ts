import { isRecord } from '../../core/is-record.ts'

/** Where Vercel keeps what belongs to the request at hand (`get-context.js` of `@vercel/functions`). */
const requestContext = Symbol.for('@vercel/request-context')

/**
 * Vercel freezes a function when its answer has left, unless the work that is still under way was handed over
 * (https://vercel.com/docs/functions/functions-api-reference/vercel-functions-package#waituntil). Does nothing elsewhere.
 */
export function waitUntilOnVercel(work: Promise<unknown>): void {
  const holder: unknown = Reflect.get(globalThis, requestContext)
  const context: unknown =
    isRecord(holder) && typeof holder['get'] === 'function' ? holder['get']() : undefined
  if (isRecord(context) && typeof context['waitUntil'] === 'function') context['waitUntil'](work)
}
