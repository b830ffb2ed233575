/**
 * Guards of values that come from outside, in a few bytes: what is in a store is read on every run of a Worker.
 * @module
 */

export type Guard<T> = (value: unknown) => value is T
/** What a guard lets through. */
export type Guarded<G> = G extends Guard<infer T> ? T : never

export const isText: Guard<string> = (value) => typeof value === 'string'
export const isNumber: Guard<number> = (value): value is number => Number.isFinite(value)
export const isNatural: Guard<number> = (value): value is number =>
  isNumber(value) && Number.isSafeInteger(value) && value >= 0

export const orNull =
  <T>(guard: Guard<T>): Guard<T | null> =>
  (value): value is T | null =>
    value === null || guard(value)

export const isList =
  <T>(guard: Guard<T>): Guard<T[]> =>
  (value): value is T[] =>
    Array.isArray(value) && value.every(guard)

/** An array with as many entries as guards, each as its guard says. */
export const isTuple =
  <T extends readonly unknown[]>(...guards: { [I in keyof T]: Guard<T[I]> }): Guard<T> =>
  (value): value is T =>
    Array.isArray(value) &&
    value.length === guards.length &&
    guards.every((guard, index) => guard(value[index]))
