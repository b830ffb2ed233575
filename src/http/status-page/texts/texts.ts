import type { Effect } from '../effect.ts'
import { english } from './english.ts'
import { german } from './german.ts'

/** What the page says of a check, or of a day of it; `none` is what is not known. */
export type State = 'pass' | 'warn' | 'fail' | 'none' | 'maintenance'

/** Every word of the page in one language. */
export interface Texts {
  readonly months: readonly string[]
  readonly date: (day: number, month: string) => string
  readonly decimalMark: string
  readonly states: Readonly<Record<State, string>>
  /** The sentence on top where no check may be named, or all say the same. */
  readonly overall: Readonly<Record<Exclude<State, 'maintenance'>, string>>
  /** Leads somebody who was woken to the details. */
  readonly whatToDo: string
  readonly skip: string
  readonly checks: string
  readonly incidents: string
  readonly noIncident: string
  /** Before a moment: since when something is as it is. */
  readonly since: string
  readonly ago: (age: string) => string
  readonly of: (share: string, known: string) => string
  /** Behind a duration, of a day: how long the check failed, warned, or was under maintenance. */
  readonly bad: string
  readonly warned: string
  readonly maintained: string
  readonly toToday: (from: string) => string
  readonly known: (share: string) => string
  readonly responses: string
  readonly median: string
  readonly slowest: string
  readonly open: string
  readonly once: string
  readonly until: string
  /** Of a maintenance window that is open. */
  readonly now: string
  readonly storeAway: string
  readonly noStore: string
  readonly lastKnown: string
  readonly updated: string
  readonly reload: string
  readonly feed: string
  readonly details: string
  readonly next: string
  readonly runbook: string
  readonly release: string
  readonly before: string
  /** What a result means for the users of the application. */
  readonly effects: Readonly<Record<Effect, string>>
}

/** The languages that HEALTH_LANGUAGE may name: another one is a file and its line here. */
export const languages = { en: english, de: german } satisfies Record<string, Texts>

export type Language = keyof typeof languages
