import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { readSchedules } from '../../../src/cli/doctor/schedules.ts'

function folder(files: Record<string, string>): string {
  const path = mkdtempSync(join(tmpdir(), 'edge-health-doctor-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text)
  return path
}

it('the files of this repository say 15 minutes', () => {
  expect(readSchedules('.', undefined)).toEqual({
    file: 'wrangler.toml',
    crons: ['*/15 * * * *'],
    unreadable: [],
  })
})

it('the weekdays of Cloudflare count from 1 for Sunday, and an environment has its own or inherits', () => {
  const toml = `[triggers]
crons = ["0 3 * * 1", "0 4 LW * *"]
[env.staging.triggers]
crons = ["*/30 * * * *"]
[env.other.vars]
X = "1"
`
  const at = folder({ 'wrangler.toml': toml })
  expect(readSchedules(at, undefined)).toEqual({
    file: 'wrangler.toml',
    crons: ['0 3 * * 0'],
    unreadable: ['0 4 LW * *'],
  })
  expect(readSchedules(at, 'staging').crons).toEqual(['*/30 * * * *'])
  expect(readSchedules(at, 'other').crons).toEqual(['0 3 * * 0'])
})

it('wrangler.jsonc is read where there is one', () => {
  const at = folder({ 'wrangler.jsonc': '{ "triggers": { "crons": ["0 * * * *"] } } // hourly' })
  expect(readSchedules(at, undefined)).toMatchObject({ file: 'wrangler.jsonc', crons: ['0 * * * *'] })
})

it('serverless.yml says it as a text, as a rate or as a reference to another place', () => {
  const yaml = `custom:
  schedule: rate(15 minutes)
functions:
  health:
    events:
      - schedule: cron(0/10 * * * ? *)
      - schedule:
          rate: \${self:custom.schedule}
      - schedule: \${opt:rate}
      - httpApi: '*'
`
  expect(readSchedules(folder({ 'serverless.yml': yaml }), undefined)).toEqual({
    file: 'serverless.yml',
    crons: ['*/10 * * * *', 'rate(15 minutes)'],
    unreadable: [`\${opt:rate}`],
  })
})

it('without a file, or a schedule in it, there is none', () => {
  const none = { file: undefined, crons: [], unreadable: [] }
  expect(readSchedules(folder({}), undefined)).toEqual(none)
  expect(
    readSchedules(folder({ 'wrangler.toml': 'name = "x"', 'serverless.yml': '- 1' }), undefined),
  ).toEqual(none)
})
