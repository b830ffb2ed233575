/** How often something runs: a crontab of five fields in which Sunday is 0, or an interval. */
export type Schedule =
  | { readonly type: 'crontab'; readonly value: string }
  | { readonly type: 'interval'; readonly value: number; readonly unit: 'minute' | 'hour' | 'day' }

/**
 * The schedule of a trigger as a crontab or an interval, or undefined when it has no such form. It may be a crontab, what
 * Cloudflare takes (https://developers.cloudflare.com/workers/configuration/cron-triggers/), or what EventBridge takes,
 * `rate(15 minutes)` and `cron(0/15 * * * ? *)` (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html).
 *
 * @param sunday what stands for Sunday in five fields: 0 in a crontab, 1 on Cloudflare
 */
export function toSchedule(text: string, sunday: 0 | 1): Schedule | undefined {
  const rate = /^rate\(([1-9]\d{0,3}) (minute|hour|day)s?\)$/.exec(text.trim())
  if (rate) return { type: 'interval', value: Number(rate[1]), unit: rate[2] as 'minute' | 'hour' | 'day' }
  const aws = /^cron\((.+)\)$/.exec(text.trim())
  const fields = (aws?.[1] ?? text).trim().split(/\s+/)
  // The year of EventBridge; a schedule of certain years has no other form.
  if (aws && fields.pop() !== '*') return undefined
  const weekday = fields[4]
  if (weekday === undefined) return undefined
  fields[4] = aws || sunday === 1 ? fromSunday(weekday) : weekday
  const crontab = fields.map((field) => (field === '?' ? '*' : field.replace(/^0\//, '*/')))
  return crontab.every(isField) ? { type: 'crontab', value: crontab.join(' ') } : undefined
}

/** What the five fields of a crontab may hold: the smallest number, the largest, and names in the place of numbers. */
const fieldRules: readonly (readonly [min: number, max: number, names?: string])[] = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12, 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'],
  [0, 7, 'SUN MON TUE WED THU FRI SAT'],
]

/** Numbers, names, ranges, lists and steps. L, W and # are Quartz's; no crontab has them. */
function isField(field: string, index: number): boolean {
  const rule = fieldRules[index]
  // A crontab has no more fields.
  if (!rule) return false
  const [min, max, names = ''] = rule
  const isValue = (text: string) =>
    /^\d{1,2}$/.test(text)
      ? Number(text) >= min && Number(text) <= max
      : names.split(' ').includes(text.toUpperCase()) && text !== ''
  return field.split(',').every((part) => {
    const [values = '', step, ...more] = part.split('/')
    const ends = values.split('-')
    const isRange = values === '*' || (ends.length <= 2 && ends.every(isValue))
    return isRange && more.length === 0 && (step === undefined || /^[1-9]\d?$/.test(step))
  })
}

/** Sunday is 1 on Cloudflare and EventBridge, and 0 in a crontab. The number behind a slash is a step and stays. */
function fromSunday(field: string): string {
  return field.replace(/(^|[,-])(\d)/g, (_all, before: string, day: string) => `${before}${Number(day) - 1}`)
}
