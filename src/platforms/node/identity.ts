import { hostname } from 'node:os'
import type { Environment } from '../../config/config.ts'
import type { Identity } from '../../core/report.ts'

/**
 * Who answers on a server: the machine's name, which is the pod's in Kubernetes and the container's in Docker. On Vercel,
 * whose machines have no lasting names, the region and the git commit
 * (https://vercel.com/docs/environment-variables/system-environment-variables).
 *
 * @example
 * platformIdentity({}) // { hostname: 'health-6d5f7c9b8-x2vlp', release: undefined }
 */
export function platformIdentity(environment: Environment): Identity {
  const { VERCEL_REGION: region, VERCEL_GIT_COMMIT_SHA: commit } = environment
  return {
    hostname: typeof region === 'string' && region !== '' ? `health-check/${region}` : hostname(),
    release: typeof commit === 'string' && commit !== '' ? commit : undefined,
  }
}
