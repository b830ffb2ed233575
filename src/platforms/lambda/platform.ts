import { nodeTransports } from '../node/transports.ts'
import type { Platform } from '../platform.ts'

/** AWS Lambda: the variables are those of the process, and the answer waits for what its caller hands over. */
export const lambda: Platform = {
  environmentOf: () => process.env,
  connect: (environment) => ({ environment, transports: nodeTransports }),
  identityOf({ AWS_LAMBDA_FUNCTION_NAME: name = 'health-check', AWS_REGION: region }) {
    return { hostname: region ? `${name}/${region}` : String(name), release: undefined }
  },
  waitUntil() {},
  sunday: 1,
  loadSentry: async () => (await import('../node/sentry.ts')).sdk,
}
