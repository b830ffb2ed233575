import { html } from 'hono/html'
import { dayMs, percent } from '../../history/uptime.ts'
import type { Texts } from './texts/texts.ts'

/** A part of the page, escaped. */
export type Html = ReturnType<typeof html>

/** How the page writes times, durations and parts, all in UTC. */
export interface Format {
  /** `22 Nov 2026, 10:21 UTC`. */
  moment(ms: number): string
  /** The same, for programs too. */
  time(ms: number): Html
  /** `22 Nov`. @param day days since the epoch */
  day(day: number): string
  /** `45 s`, `10 min`, `1 h 11 min`, `2 d 3 h`. */
  duration(ms: number): string
  /** `10 min ago`. */
  age(ms: number): string
  /** `99.95 %`. */
  share(part: number): string
}

/** @param now epoch ms */
export function createFormat({ locale, decimalMark, ago }: Texts, now: number): Format {
  const timeZone = 'UTC'
  const moments = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone })
  const days = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone })
  const moment = (ms: number) => `${moments.format(ms)} UTC`
  return {
    moment,
    time: (ms) => html`<time datetime="${new Date(ms).toISOString().slice(0, 16)}Z">${moment(ms)}</time>`,
    day: (day) => days.format(day * dayMs),
    duration,
    age: (ms) => ago(duration(Math.max(0, now - ms))),
    share: (part) => percent(part).replace('.', decimalMark),
  }
}

/** The two largest units that are not 0; the smaller one is left out where it is. */
function duration(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  if (hours === 0) return `${minutes} min`
  const [large, small] =
    hours < 24 ? [`${hours} h`, minutes % 60] : [`${Math.floor(hours / 24)} d`, hours % 24]
  return small === 0 ? large : `${large} ${small} ${hours < 24 ? 'min' : 'h'}`
}
