import { hostname } from 'node:os'
import type { ExpectedSchema } from '../../checks/migrations/expected-schema.ts'
import type { Evidence } from '../../checks/migrations/outcome.ts'
import type { OpenPostgres } from '../../clients/interfaces.ts'
import { readConfig } from '../../config/config.ts'
import { availableOf, openPostgresOf } from '../../configured-clients.ts'
import { faultCodes } from '../../core/check.ts'
import type { Variables } from '../../dev/environment.ts'
import { createHealth } from '../../health.ts'
import { toBody } from '../../http/response.ts'
import { nodeTransports } from '../../platforms/node/transports.ts'
import type { AnsweredResult } from '../smoke/answer.ts'
import { UsageError } from '../usage-error.ts'

/** How production is asked. @throws {UsageError} when the variables do not say */
export function openProduction(environment: Variables): OpenPostgres {
  const { postgres, mistakes } = readConfig(environment, [], availableOf(nodeTransports))
  const open = postgres && openPostgresOf(postgres, nodeTransports)
  if (open) return open
  const wrong = mistakes.filter(({ check }) => check === 'database').map(({ sentence }) => sentence)
  throw new UsageError(wrong.join(' ') || 'DATABASE_URL names no Postgres that can be asked from here.')
}

/** What the migrations check says of production. */
export interface CheckedProduction {
  /** `same`: what is measured on a replay is true there. `not asked`: it is not known whether it is. */
  readonly state: 'same' | 'differs' | 'not asked'
  readonly result: AnsweredResult
}

/** Runs the migrations check as `edge-health check migrations` does, with its details. */
export async function checkProduction(
  environment: Variables,
  expected: ExpectedSchema,
): Promise<CheckedProduction> {
  let evidence: Evidence | undefined
  const health = createHealth({
    environment,
    expected,
    write: () => {},
    transports: nodeTransports,
    terminal: {
      onEvidence(found) {
        evidence = found
      },
    },
  })
  const report = await health.check({ hostname: hostname() }, ['migrations'])
  const [result] = toBody(report, true).results
  if (!result) throw new Error('the migrations check gave no result')
  return { state: stateOf(result, evidence), result }
}

function stateOf(
  { status, code = '' }: AnsweredResult,
  evidence: Evidence | undefined,
): CheckedProduction['state'] {
  if (faultCodes.some((fault) => fault === code)) return 'not asked'
  // What no query asks for is not compared either, and the rest then is.
  const isCompared = evidence?.catalog.state === 'compared' && typeof evidence.ledger !== 'string'
  if (code === 'not_compared' && !isCompared) return 'not asked'
  // Rows of unknown migrations explain a difference to the check; what is measured is not true there all the same.
  const differs = evidence?.catalog.state === 'compared' && evidence.catalog.findings.failing
  return status === 'fail' || differs ? 'differs' : 'same'
}
