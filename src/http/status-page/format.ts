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

/** Without `Intl`, which takes longer to load than everything else on the page. @param now epoch ms */
export function createFormat({ date, months, decimalMark, ago }: Texts, now: number): Format {
  const dateOf = (time: Date) => date(time.getUTCDate(), months[time.getUTCMonth()] ?? '')
  const momentOf = (ms: number) => {
    const time = new Date(ms)
    return `${dateOf(time)} ${time.getUTCFullYear()}, ${time.toISOString().slice(11, 16)} UTC`
  }
  return {
    moment: momentOf,
    time: (ms) => html`<time datetime="${new Date(ms).toISOString().slice(0, 16)}Z">${momentOf(ms)}</time>`,
    day: (day) => dateOf(new Date(day * dayMs)),
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
