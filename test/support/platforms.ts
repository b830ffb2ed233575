import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleLambda } from '../../src/cli/bundle/bundle-lambda.ts'
import { compileExpectedSchema } from '../../src/compile/compile.ts'
import { requestEvent } from '../lambda/events.ts'
import { startLambda } from '../servers/lambda-runtime.ts'
import { startWorkerd } from '../servers/workerd.ts'
import { startAll } from './start-all.ts'

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  /** Milliseconds until the whole answer was there. */
  readonly ms: number
}

/** The function on one platform, as it is deployed there. Ask it one thing at a time: Lambda does so too. */
export interface Platform {
  readonly name: 'Workers' | 'Lambda'
  send(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>
  /** Runs it as the cron trigger would, to its end. */
  cronRun(): Promise<unknown>
  /** What it logged. */
  output(): string
  close(): Promise<void>
}

export type Variables = Readonly<Record<string, string>>

/** The function with the example's expected schema, bundled once for each platform. */
export interface Deployable {
  /** @param certificate PEM that both accept beside those of the world */
  start(variables: Variables, certificate?: string): Promise<Platform[]>
  /** Path of the expected schema. */
  readonly expected: string
  close(): void
}

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Compiles the example's migrations and writes the files that an application would. */
export async function makeDeployable(): Promise<Deployable> {
  const directory = mkdtempSync(join(tmpdir(), 'health-deployable-'))
  const expected = join(directory, 'expected.json')
  await compileExpectedSchema({ config: join(root, 'example/drizzle.config.ts'), output: expected })
  const entry = (platform: 'worker' | 'lambda', last: string) => {
    const path = join(directory, `${platform}.ts`)
    const create = platform === 'worker' ? 'createWorker' : 'createHandler'
    const source = JSON.stringify(join(root, 'src', `${platform}.ts`))
    writeFileSync(
      path,
      `import { ${create} } from ${source}\nimport expected from './expected.json'\nexport ${last}\n`,
    )
    return path
  }
  const worker = entry('worker', 'default createWorker({ expected })')
  const taskRoot = join(directory, 'lambda')
  await bundleLambda({
    entry: entry('lambda', 'const handler = createHandler({ expected })'),
    directory: taskRoot,
  })
  return {
    expected,
    start: (variables, certificate) =>
      startAll([
        onWorkers(worker, variables, certificate),
        onLambda(taskRoot, variables, certificate && writeCertificate(directory, certificate)),
      ]),
    close: () => rmSync(directory, { recursive: true, force: true }),
  }
}

function writeCertificate(directory: string, certificate: string): string {
  const path = join(directory, 'certificate.pem')
  writeFileSync(path, certificate)
  return path
}

async function onWorkers(entry: string, bindings: Variables, certificate?: string): Promise<Platform> {
  const trusted = certificate === undefined ? [] : [certificate]
  const server = await startWorkerd({ entry, bindings, trusted })
  return {
    name: 'Workers',
    async send(path, headers = {}) {
      const begin = performance.now()
      const response = await fetch(server.url + path, { headers })
      const text = await response.text()
      const ms = performance.now() - begin
      return { status: response.status, headers: Object.fromEntries(response.headers), text, ms }
    },
    cronRun: () => server.fireScheduled(),
    output: server.output,
    close: server.close,
  }
}

async function onLambda(taskRoot: string, variables: Variables, certificate?: string): Promise<Platform> {
  const trusted = certificate ? { NODE_EXTRA_CA_CERTS: certificate } : {}
  const lambda = await startLambda(taskRoot, { ...variables, ...trusted })
  return {
    name: 'Lambda',
    async send(path, headers = {}) {
      const { answer, error, ms } = await lambda.invoke(requestEvent(path, { headers }))
      if (error) throw new Error(`the handler threw ${error.errorType}: ${error.errorMessage}`)
      const { statusCode, headers: sent, body } = answer as LambdaAnswer
      return { status: statusCode, headers: sent, text: body, ms }
    },
    cronRun: () => lambda.invoke({ cron: 'rate(15 minutes)' }),
    output: lambda.output,
    close: lambda.close,
  }
}

interface LambdaAnswer {
  readonly statusCode: number
  readonly headers: Record<string, string>
  readonly body: string
}
