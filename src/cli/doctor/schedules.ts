import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isRecord } from '../../core/is-record.ts'
import { toSchedule } from '../../core/schedule.ts'
import { readWranglerConfig, type WranglerConfig } from '../../dev/wrangler-config.ts'
import { readYaml } from '../yaml.ts'

/** The schedules of the cron, as a deployment has them. */
export interface Schedules {
  /** The file that has them; undefined when no file has any. */
  readonly file: string | undefined
  /** As `createTimetable` takes them, in which Sunday is 0. */
  readonly crons: readonly string[]
  /** Schedules that only the platform understands. */
  readonly unreadable: readonly string[]
}

/** From the `triggers` of wrangler's configuration, where there are any, else from the events of serverless.yml. */
export function readSchedules(directory: string, environment: string | undefined): Schedules {
  const wrangler = readWranglerConfig(directory)
  const crons = wrangler ? wranglerCrons(wrangler, environment) : []
  if (crons.length > 0) return understood(wrangler?.fileName, crons, 1)
  const yaml = ['serverless.yml', 'serverless.yaml'].find((name) => existsSync(join(directory, name)))
  const schedules = yaml === undefined ? [] : serverlessSchedules(readYaml(join(directory, yaml)))
  return schedules.length > 0
    ? understood(yaml, schedules, 0)
    : { file: undefined, crons: [], unreadable: [] }
}

/** @param sunday what stands for Sunday in the file */
function understood(file: string | undefined, schedules: readonly string[], sunday: 0 | 1): Schedules {
  const isReadable = (schedule: string) => toSchedule(schedule, sunday) !== undefined
  return {
    file,
    crons: schedules.filter(isReadable).map((schedule) => {
      const parsed = toSchedule(schedule, sunday)
      return parsed?.type === 'crontab' ? parsed.value : schedule
    }),
    unreadable: schedules.filter((schedule) => !isReadable(schedule)),
  }
}

const textsIn = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((each) => typeof each === 'string')

/** An environment inherits the triggers of the top level (https://developers.cloudflare.com/workers/wrangler/configuration/#triggers). */
function wranglerCrons({ values }: WranglerConfig, environment: string | undefined): string[] {
  const member = (value: unknown, name: string) => (isRecord(value) ? value[name] : undefined)
  const own = environment === undefined ? undefined : member(values['env'], environment)
  return textsIn(member(member(own, 'triggers') ?? values['triggers'], 'crons'))
}

/** `schedule: rate(15 minutes)` or `schedule: { rate }` of every function's events. */
function serverlessSchedules(config: unknown): string[] {
  if (!isRecord(config) || !isRecord(config['functions'])) return []
  const events: unknown[] = Object.values(config['functions']).flatMap((each) =>
    isRecord(each) && Array.isArray(each['events']) ? each['events'] : [],
  )
  return events
    .flatMap((event) => {
      const schedule = isRecord(event) ? event['schedule'] : undefined
      return textsIn(isRecord(schedule) ? schedule['rate'] : schedule)
    })
    .map((text) => resolved(config, text))
}

/** `${self:custom.schedule}`, the way in which a serverless.yml says a value once. */
function resolved(config: unknown, text: string): string {
  const path = /^\$\{self:([\w.]+)\}$/.exec(text)?.[1]?.split('.')
  if (!path) return text
  const value = path.reduce<unknown>((at, name) => (isRecord(at) ? at[name] : undefined), config)
  return typeof value === 'string' ? value : text
}
