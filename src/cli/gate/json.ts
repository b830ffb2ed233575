import type { GateFinding } from '../../gate/judge/finding.ts'
import { exitCodes, type GateOutcome } from './outcome.ts'

/** The outcome for a program: one JSON document, described in docs/gate.schema.json. */
export function jsonOutcome(outcome: GateOutcome): string {
  const { verdict, report, check, reason, pending } = outcome
  return JSON.stringify({
    version: 1,
    verdict,
    exit_code: exitCodes[verdict],
    ...(pending !== undefined && { pending }),
    ...(reason !== undefined && { reason }),
    ...(check && {
      migrations_check: {
        status: check.status,
        code: check.code,
        output: check.output,
        details: check.details,
      },
    }),
    ...(report && {
      server_version: report.serverVersion,
      driver: report.driver,
      one_transaction: report.oneTransaction,
      sizes_from: report.sizesFrom,
      times: {
        replay_ms: Math.round(report.times.replayMs),
        measure_ms: Math.round(report.times.measureMs),
        sizes_ms: Math.round(report.times.sizesMs),
      },
      findings: report.findings.map(jsonFinding),
      migrations: report.migrations.map(({ tag, verdict: one, statements, findings }) => ({
        tag,
        verdict: one,
        statements,
        findings: findings.map(jsonFinding),
      })),
      expired_allowances: report.expired.map(({ code, object, migration }) => ({ code, object, migration })),
    }),
  })
}

function jsonFinding({ amount, saferSql, ...finding }: GateFinding) {
  return {
    ...finding,
    ...(amount && {
      amount: {
        heap_bytes: amount.heapBytes,
        toast_bytes: amount.toastBytes,
        index_bytes: amount.indexBytes,
        rows: amount.rows,
        indexes: amount.indexes,
      },
    }),
    ...(saferSql && { safer_sql: saferSql }),
  }
}
