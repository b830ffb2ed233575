/**
 * Variables for tests of something else than time: the longest times that the function permits, so that a busy machine
 * makes no check slow.
 */
export const unhurried = {
  CELERY_TIMEOUT_MS: '5000',
  HEALTH_TIMEOUT_MS: '24000',
  HEALTH_DEADLINE_MS: '25000',
  HEALTH_SLOW_MS: '25000',
} as const
