/**
 * Whether a value is an object with named members: neither null nor a list. Its members are still unknown.
 *
 * @example
 * isRecord(JSON.parse('{"result":1}')) // true
 * isRecord([1]) // false
 */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
