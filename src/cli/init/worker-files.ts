import { compileCommand, expectedSchema, type InitPlan } from './plan.ts'
import { functionVariables } from './variable-texts.ts'

/** `src/worker.ts` */
export const workerEntry = (): string => `import { createWorker } from 'edge-health-check/worker'
import expected from '../${expectedSchema}'

export default createWorker({ expected })
`

/** `wrangler.toml`; its format: https://developers.cloudflare.com/workers/wrangler/configuration/ */
export const wranglerToml = (plan: InitPlan): string => `name = ${quote(plan.name)}
main = "src/worker.ts"
compatibility_date = "2026-10-23"
minify = true
# Names of functions would be 13 KiB more (gzip), traces and debug output of Sentry's SDK 3 KiB: nothing here needs them.
keep_names = false
define = { __SENTRY_DEBUG__ = "false", __SENTRY_TRACING__ = "false" }

# Writes what the migrations make, which the entry file imports. Its output is outside src/, so that it does not start the next build.
[build]
command = ${quote(`${plan.packageManager.exec} ${compileCommand(plan)}`)}
${plan.migrations ? `watch_dir = [${quote('src')}, ${quote(plan.migrations)}]` : '# watch_dir = ["src", "path/to/migrations"]'}

# Answer requests near the database: each check is a round trip to it. Cron runs are not placed; they may take longer.
${plan.region ? `[placement]\nregion = ${quote(plan.region)}` : '# [placement]\n# region = "aws:eu-central-1"'}

# Every run wakes a sleeping database. A Neon compute sleeps after 5 idle minutes: every 5 minutes or more often keeps it awake.
[triggers]
crons = [${quote(plan.cron)}]

# Which release answers: the version's tag (wrangler deploy --tag), or its id without a tag.
[version_metadata]
binding = "CF_VERSION_METADATA"

[observability]
enabled = true
redact_query_string = true

# Settings that are not secret go here; .dev.vars.example lists the secrets.
${settings(plan)}
`

/** Without what the application does not have: a check of it would never pass, and a store needs a Redis. */
function settings({ checks }: InitPlan): string {
  const all = functionVariables.HEALTH_CHECKS.default ?? ''
  const names = `HEALTH_CHECKS = ${quote(checks.join())}`
  return [
    '[vars]',
    checks.join() === all ? `# ${names}` : names,
    ...(checks.includes('redis')
      ? ['# All isolates share their results through Redis.', 'HEALTH_STORE = "redis"']
      : []),
  ].join('\n')
}

/** A TOML basic string: https://toml.io/en/v1.0.0#string. JSON's escapes are a subset of its own. */
const quote = (text: string): string => JSON.stringify(text)
