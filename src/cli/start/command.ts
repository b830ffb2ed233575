import type { MigrationSources } from '../../dev/stand-in.ts'
import { CliCommand } from '../command.ts'
import { compileOptions } from '../compile/options.ts'
import { assertNode, compileNode } from '../node-version.ts'

/** Compile's options that say which migrations there are and how they are replayed: here, by the embedded Postgres. */
const { config, migrations, ledger, preset, prelude, skip } = compileOptions

/** `edge-health start` */
export function startCommand(): CliCommand {
  const command = new CliCommand('start', {
    description: 'Run the function here, on embedded stand-ins for what is not configured',
    needs: ['@electric-sql/pglite', 'ioredis', 'ioredis-mock', 'pg', 'wrangler'],
    examples: [
      'edge-health start',
      'PORT=9000 edge-health start',
      'DATABASE_URL=postgres://app@127.0.0.1/app REDIS_URL=redis://127.0.0.1 edge-health start',
      'DRIZZLE_CONFIG=packages/db/drizzle.config.ts edge-health start',
      'edge-health start --migrations drizzle --preset neon',
    ],
    exitCodes: ['1 it could not start', '2 usage', '130, 143 or 129 after a signal'],
  })
  for (const option of [config, migrations, ledger, preset, prelude, skip]) command.addOption(option)
  return command.action(async (sources: MigrationSources) => {
    assertNode('start', compileNode)
    const { start } = await import('./start.ts')
    process.exitCode = await start({ sources })
  })
}
