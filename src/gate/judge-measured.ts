import { type Allowance, applyAllowances, expiredAllowances } from './allow.ts'
import { alreadyThere } from './already-there.ts'
import { attribute } from './compatibility/attribute.ts'
import { remadeNames } from './compatibility/remade-names.ts'
import { deployFindings } from './deploy-findings.ts'
import { type Driver, usesOneTransaction } from './driver.ts'
import { type GateFinding, worst } from './judge/finding.ts'
import { judgePending } from './judge/judge.ts'
import type { JudgeSizes } from './judge/works.ts'
import type { Measured } from './measure-pending.ts'
import type { ProductionSettings } from './production/settings.ts'
import type { GatedMigration, GateReport } from './report.ts'

interface JudgeMeasuredInput extends JudgeSizes {
  readonly driver: Driver
  readonly settings: ProductionSettings
  readonly allowances: readonly Allowance[]
}

/** From what was seen and how large production is to the verdict. Asks nothing. */
export function judgeMeasured(
  { files, steps, before, catalogs }: Measured,
  { driver, settings, allowances, ...sizes }: JudgeMeasuredInput,
): Omit<GateReport, 'sizesFrom' | 'times'> {
  const incompatibilities = attribute(before, catalogs)
  const remade = remadeNames(before, catalogs.at(-1)?.catalog ?? before)
  const found = judgePending({ ...sizes, files, steps, incompatibilities, remade })
  const accepted = (finding: GateFinding, tag?: string) => applyAllowances(finding, tag, allowances)
  const migrations = files.map(({ migration: { tag, file }, statements }): GatedMigration => {
    const judged = found.get(tag) ?? []
    const texts = statements.map(({ text }) => text)
    const findings = [...judged, ...alreadyThere(judged, texts, sizes.sizes, before)].map((finding) =>
      accepted(finding, tag),
    )
    return {
      tag,
      file,
      statements: statements.length,
      findings,
      verdict: worst(findings.map(({ level }) => level)),
    }
  })
  const oneTransaction = usesOneTransaction(driver)
  const findings = deployFindings({
    files,
    driver,
    oneTransaction,
    hasLockTimeout: settings.hasLockTimeout,
    migrations,
  }).map((finding) => accepted(finding))
  const levels = [...migrations.map(({ verdict }) => verdict), ...findings.map(({ level }) => level)]
  return {
    verdict: worst(levels),
    serverVersion: settings.version,
    driver,
    oneTransaction,
    migrations,
    findings,
    expired: expiredAllowances(
      allowances,
      files.map(({ migration }) => migration.tag),
    ),
  }
}
