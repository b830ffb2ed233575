import { UsageError } from '../usage-error.ts'

/**
 * A five-field cron expression in EventBridge's six fields, where one of the two day fields must be `?`
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html). Both platforms count
 * weekdays from 1 for Sunday.
 *
 * @throws {UsageError} when both day fields are restricted, which EventBridge cannot say
 */
export function eventBridgeCron(cron: string): string {
  const [minute, hour, day, month, weekday] = assertCron(cron)
  if (day !== '*' && weekday !== '*') {
    throw new UsageError(`--cron "${cron}" restricts both the day of the month and of the week: choose one.`)
  }
  const days = weekday === '*' ? [day, month, '?'] : ['?', month, weekday]
  return `cron(${[minute, hour, ...days, '*'].join(' ')})`
}

/** @throws {UsageError} unless there are five fields of the characters that both platforms know */
export function assertCron(cron: string): [string, string, string, string, string] {
  const fields = cron.trim().split(/\s+/)
  const [minute, hour, day, month, weekday] = fields
  const isComplete = fields.length === 5 && fields.every((field) => /^[\dA-Z*/,#-]+$/i.test(field))
  if (!isComplete || !minute || !hour || !day || !month || !weekday) {
    throw new UsageError(`--cron expects five fields such as "*/15 * * * *", and got "${cron}".`)
  }
  return [minute, hour, day, month, weekday]
}
