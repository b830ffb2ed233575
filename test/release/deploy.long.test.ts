import { spawnSync } from 'node:child_process'
import { appendFileSync, cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const node = createRequire(import.meta.url).resolve('node/bin/node')
const script = resolve('src/release/deploy.ts')

/** Nobody's credentials are in here, nor in the environment: were a refusal to break, nothing could be deployed. */
const home = mkdtempSync(join(tmpdir(), 'health-home-'))

/** Runs the deploy; wrangler is kept from the network by --dry-run, which osls does not have. */
function deploy(args: string[], environment: Record<string, string>, cwd = process.cwd()) {
  const { PATH } = process.env
  const quiet = { WRANGLER_SEND_METRICS: 'false', AWS_EC2_METADATA_DISABLED: 'true' }
  const env = { PATH, HOME: home, ...quiet, ...environment }
  const { status, stdout, stderr } = spawnSync(node, [script, ...args], { cwd, env, encoding: 'utf8' })
  return { status, stdout, stderr }
}

/** A copy of the example whose models have a table that no migration makes. */
const ahead = mkdtempSync(join(tmpdir(), 'health-deploy-'))
beforeAll(() => {
  cpSync('example', ahead, { recursive: true })
  symlinkSync(resolve('node_modules'), join(ahead, 'node_modules'))
  appendFileSync(
    join(ahead, 'schema', 'index.ts'),
    "\nimport { integer, pgTable } from 'drizzle-orm/pg-core'\nexport const refunds = pgTable('refunds', { id: integer() })\n",
  )
})
afterAll(() => {
  for (const folder of [ahead, home]) rmSync(folder, { recursive: true, force: true })
})

describe('npm run deploy:worker', () => {
  it('compiles the schema and sends the release along', () => {
    const environment = { DRIZZLE_CONFIG: 'example/drizzle.config.ts', SENTRY_RELEASE: '4f2a91c' }
    const { status, stdout, stderr } = deploy(['worker', '--dry-run'], environment)
    expect(stderr).toContain('models in sync')
    expect(stderr).toContain('Release: 4f2a91c')
    expect(stdout).toMatch(/env\.SENTRY_RELEASE/)
    expect(status).toBe(0)
  })

  it('is refused when no migrations are named', () => {
    const { status, stderr } = deploy(['worker', '--dry-run'], {})
    expect(status).toBe(1)
    expect(stderr).toMatch(/^error: No migrations are named: set DRIZZLE_CONFIG/)
  })

  it.each(['worker', 'lambda'])(
    'is refused for the %s when the models are ahead of the migrations',
    (target) => {
      const { status, stderr } = deploy([target, '--dry-run'], { DRIZZLE_CONFIG: 'drizzle.config.ts' }, ahead)
      expect(status).toBe(1)
      expect(stderr).toMatch(/error: The models are ahead of the migrations \(.*refunds.*--force\.\n$/)
    },
  )

  it('goes on when forced', () => {
    const environment = { DRIZZLE_CONFIG: 'drizzle.config.ts', SENTRY_RELEASE: 'forced' }
    // wrangler starts in this repository, where there is no such config: it ends before it sends anything.
    const { stderr } = deploy(['worker', '--force', '--dry-run'], environment, ahead)
    expect(stderr).toContain('Warning: The models are ahead')
    expect(stderr).toContain('Release: forced')
    expect(stderr).toMatch(/error: wrangler deploy ended with code 1/)
  })

  it('says how it is used', () => {
    expect(deploy(['worker', '--help'], {})).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('Usage:'),
    })
    expect(deploy(['elsewhere'], {})).toMatchObject({ status: 2, stderr: expect.stringContaining('Usage:') })
  })

  it('says what the compile says', () => {
    const { status, stderr } = deploy(['worker', '--dry-run'], { DRIZZLE_CONFIG: 'nosuch.config.ts' })
    expect(status).toBe(1)
    expect(stderr).toMatch(/^error: .*nosuch\.config\.ts/)
  })
})
