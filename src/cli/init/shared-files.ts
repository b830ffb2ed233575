import { compileCommand, type InitPlan } from './plan.ts'

/** `package.json` of a folder that holds nothing but the health check. */
export function packageJson(plan: InitPlan): string {
  const { platform, name, versions } = plan
  const [dependencies, devDependencies] = [
    ['edge-health-check'],
    ['@electric-sql/pglite', ...(platform === 'lambda' ? ['esbuild', 'osls'] : ['wrangler'])],
  ].map((names) => Object.fromEntries(names.map((each) => [each, versions[each] ?? '*'])))
  const scripts = {
    compile: compileCommand(plan),
    check: 'edge-health check',
    ...(platform === 'lambda' ? lambdaScripts : workerScripts),
    smoke: 'edge-health smoke',
  }
  return `${JSON.stringify({ name, private: true, type: 'module', scripts, dependencies, devDependencies }, null, 2)}\n`
}

const workerScripts = {
  dev: 'wrangler dev',
  deploy: 'wrangler deploy --tag "$(git rev-parse --short HEAD)"',
}

const bundle =
  'esbuild src/lambda.ts --bundle --splitting --platform=node --target=node24 --format=esm --minify --outdir=dist'

/** Some of the SDKs are CommonJS and call require, which an ES module has to make for itself. */
const banner = `--banner:js="import{createRequire as makeRequire}from'node:module';const require=makeRequire(import.meta.url);"`

const lambdaScripts = {
  build: `npm run compile && ${bundle} ${banner}`,
  deploy: 'npm run build && SENTRY_RELEASE="$(git rev-parse --short HEAD)" osls deploy',
}

/** `.dev.vars.example` for Workers, `.env.example` for Lambda: what must be set, and nothing that has a default. */
export const variablesExample = ({ platform }: InitPlan): string => `${advice[platform]}

# Postgres connection string of Neon. For another provider set DATABASE_HTTP_ENDPOINT to its SQL-over-HTTP proxy too.
DATABASE_URL=

# Redis over REST: the https URL, not the redis:// one.
UPSTASH_REDIS_REST_URL=
UPSTASH_REDIS_REST_TOKEN=

# Who sends this as a Bearer token sees details and may ask for fresh results. At least 16 characters.
HEALTH_TOKEN=
`

const advice = {
  workers: `# For \`wrangler dev\` and \`edge-health check\`: copy to .dev.vars, fill in, and keep that file out of git.
# In production each one is a secret: npx wrangler secret put NAME`,
  lambda: `# For \`edge-health check\`: copy to .env, fill in, and keep that file out of git.
# A deploy takes them from its environment.`,
} as const
