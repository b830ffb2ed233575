import { defineCommand } from 'citty'
import type { Command } from '../command.ts'
import { compileArguments } from '../compile/options.ts'
import { assertNode } from '../node-version.ts'

/** Compile's options that say which migrations there are and how they are replayed: here, by the embedded Postgres. */
const { config, migrations, ledger, preset, prelude, skip } = compileArguments

/** `edge-health start` */
export const command: Command = {
  definition: defineCommand({
    meta: {
      name: 'start',
      description: 'Run the function here, on embedded stand-ins for what is not configured',
    },
    args: { config, migrations, ledger, preset, prelude, skip },
    async run({ args: { config, migrations, ledger, preset, prelude, skip } }) {
      assertNode('start', [22, 15])
      const { start } = await import('../start/start.ts')
      return start({ sources: { config, migrations, ledger, preset, prelude, skip } })
    },
  }),
  needs: ['@electric-sql/pglite', 'ioredis', 'ioredis-mock', 'pg', 'wrangler'],
  examples: [
    'edge-health start',
    'PORT=9000 edge-health start',
    'DATABASE_URL=postgres://app@127.0.0.1/app REDIS_URL=redis://127.0.0.1 edge-health start',
    'DRIZZLE_CONFIG=packages/db/drizzle.config.ts edge-health start',
    'edge-health start --migrations drizzle --preset neon',
  ],
  exitCodes: ['1 it could not start', '2 usage', '130, 143 or 129 after a signal'],
}
