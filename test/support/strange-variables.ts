import { commandVariables } from '../../src/cli/init/variable-texts.ts'
import { isVariable } from '../../src/config/variables.ts'

/** AWS_REGION and others of its kind must not reach the answers either; the rest are names that a test may forget. */
const further = /^(AWS_|DATABASE_|POSTGRES_|REDIS_|UPSTASH_|KV_|CELERY_|HEALTH_|SENTRY_)/

/**
 * Removes the variables that the person who runs the tests has exported for their own deployment: a test that reads the
 * environment, or starts a program with it, would ask their production and send events to their Sentry.
 */
export function removeStrangeVariables(environment: Record<string, string | undefined>): void {
  for (const name of Object.keys(environment)) {
    if (isVariable(name) || Object.hasOwn(commandVariables, name) || further.test(name))
      delete environment[name]
  }
}
