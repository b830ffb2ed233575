/**
 * Whether a value is an object with named fields: neither null nor an array.
 *
 * @example isRecord(JSON.parse(text)) && text.name
 */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
