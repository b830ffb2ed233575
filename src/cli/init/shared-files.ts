import { compileNode } from '../node-version.ts'
import { compileCommand, type InitPlan } from './plan.ts'
import { functionVariables } from './variable-texts.ts'

/** `package.json` of a folder that holds only the health check. */
export function packageJson(plan: InitPlan): string {
  const manifest = {
    name: plan.name,
    private: true,
    type: 'module',
    engines: { node: `>=${compileNode.join('.')}` },
    scripts: scriptsOf(plan),
    ...packagesOf(plan),
  }
  return `${JSON.stringify(manifest, null, 2)}\n`
}

/**
 * The daily commands, by their script names.
 *
 * @param nameOf what a script is called where others call it. [nameOf=its name here]
 */
export function scriptsOf(
  plan: Pick<InitPlan, 'platform' | 'source' | 'packageManager'>,
  nameOf = (name: string): string => name,
): Readonly<Record<string, string>> {
  const run = (name: string) => `${plan.packageManager.run} ${nameOf(name)}`
  return {
    compile: compileCommand(plan),
    check: 'edge-health check',
    ...(plan.platform === 'lambda'
      ? {
          build: `${run('compile')} && edge-health bundle`,
          deploy: `${run('build')} && SENTRY_RELEASE="$(git rev-parse --short HEAD)" osls deploy`,
        }
      : { dev: 'wrangler dev', deploy: 'wrangler deploy --tag "$(git rev-parse --short HEAD)"' }),
    smoke: 'edge-health smoke',
  }
}

/**
 * Packages and their versions. A Postgres that is not Neon's, such as the one of a developer's machine, is asked with pg: from
 * the function on Lambda, by the commands alone on Workers.
 */
export function packagesOf({ platform, versions }: InitPlan) {
  const pick = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, versions[name] ?? '*']))
  const isLambda = platform === 'lambda'
  return {
    dependencies: pick(['edge-health-check', ...(isLambda ? ['pg'] : [])]),
    devDependencies: pick([...compilePackages, ...(isLambda ? ['esbuild', 'osls'] : ['pg', 'wrangler'])]),
  }
}

/** What `edge-health compile` loads: the embedded Postgres and its pg_dump. */
const compilePackages = ['@electric-sql/pglite', '@electric-sql/pglite-tools']

/** `.dev.vars.example` for Workers, `.env.example` for Lambda: what must be set, and nothing that has a default. */
export function variablesExample({ platform, checks }: InitPlan): string {
  // Celery is asked through Redis, so its check never stands without the other.
  const required = Object.entries(functionVariables).filter(
    ([, { required, check }]) => required && (check === undefined || checks.includes(check)),
  )
  const lines = required.map(([name, { meaning }]) => `# ${meaning}.\n${name}=\n`)
  return `${advice[platform]}\n\n${lines.join('\n')}`
}

const advice = {
  workers: `# For \`wrangler dev\` and \`edge-health check\`: copy to .dev.vars, which git ignores, and fill in.
# In production each one is a secret: the first deploy takes them from a file, npx wrangler secret put NAME sets one.`,
  lambda: `# For \`edge-health check\`: copy to .env, which git ignores, and fill in.
# A deploy takes them from its environment, and from .env what is not set there.`,
} as const
