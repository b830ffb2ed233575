/**
 * `npm run test:live`: the live suite, on the databases that the LIVE_ variables name. With `--instant`, on two that
 * Neon and Upstash give away for 72 hours; LIVE_INSTANT_POSTGRES and LIVE_INSTANT_REDIS name other services, for a test.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { instantServices, instantTargets } from './instant.ts'

const args = process.argv.slice(2)
const isInstant = args.includes('--instant')
const {
  LIVE_INSTANT_POSTGRES: postgres = instantServices.postgres,
  LIVE_INSTANT_REDIS: redis = instantServices.redis,
} = process.env

try {
  const targets = isInstant ? await instantTargets({ postgres, redis }) : {}
  if (isInstant) console.log('Two new databases, which their services delete after 72 hours.')
  const vitest = fileURLToPath(new URL('vitest.mjs', import.meta.resolve('vitest/package.json')))
  const suite = ['run', '--project', 'live', ...args.filter((word) => word !== '--instant')]
  // What is set wins: an address that does not follow from the answers.
  const env = { ...targets, ...process.env }
  const child = spawn(process.execPath, [vitest, ...suite], { stdio: 'inherit', env })
  const [code] = await once(child, 'exit')
  process.exitCode = typeof code === 'number' ? code : 1
} catch (error) {
  console.error(`npm run test:live -- --instant: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
