import type { Details } from './check.ts'

/** What somebody should do next, as the details of a result say it: the first of `next`, `hint` and `…_hint`. */
export function nextStep(details: Details): string | undefined {
  const [, next] = Object.entries(details).find(([name]) => /^next$|^(.*_)?hint$/.test(name)) ?? []
  return typeof next === 'string' ? next : undefined
}
