/** What the function, the command line and the local stack read; AWS_REGION and its kin stay out of the answers too. */
const ours =
  /^(DATABASE_(URL|HTTP_ENDPOINT)|REDIS_URL|UPSTASH_|KV_REST_|CELERY_|HEALTH_|SENTRY_|HEARTBEAT_URL|DRIZZLE_CONFIG|AWS_)/

/**
 * Removes what whoever runs the tests has exported for their own deployment: a test that reads the environment, or
 * starts a program with it, would ask their production and tell their Sentry.
 */
export function removeStrangeVariables(environment: Record<string, string | undefined>): void {
  for (const name of Object.keys(environment)) if (ours.test(name)) delete environment[name]
}
