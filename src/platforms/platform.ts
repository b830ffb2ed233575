import type { Transports } from '../clients/transports.ts'
import type { Environment } from '../config/config.ts'
import type { Identity } from '../core/report.ts'
import type { SentrySdk } from '../notify/sentry/client.ts'

/** What differs between the places where the function runs. */
export interface Platform {
  /**
   * The variables.
   * @param bindings what the platform or the app around hands over with a request or a cron event
   */
  environmentOf(bindings: unknown): Environment
  /** The variables as they are read, and what can be asked besides HTTP. [as they came, and nothing] */
  readonly connect?: (environment: Environment) => {
    readonly environment: Environment
    readonly transports?: Transports
  }
  /**
   * Who answers, where the configuration does not say it.
   * @param request none in a cron run
   */
  identityOf(environment: Environment, request?: Request): Identity
  /** Keeps the platform alive for work that outlives the answer; called where no ExecutionContext came with the request. */
  waitUntil(work: Promise<unknown>): void
  /** What stands for Sunday in the crontab of its trigger. */
  readonly sunday: 0 | 1
  readonly loadSentry: () => Promise<SentrySdk>
}
