import { createServer, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { endProcess, start } from './process.ts'

interface Invoked {
  /** What the handler returned; undefined when it threw. */
  readonly answer: unknown
  /** What the handler threw. */
  readonly error: { errorType: string; errorMessage: string } | undefined
  /** Milliseconds until the handler had answered. */
  readonly ms: number
}

/** A function under the Runtime API, frozen between its invocations as Lambda freezes it. */
export interface LambdaFunction {
  invoke(event: unknown): Promise<Invoked>
  /** What the function printed. */
  output(): string
  close(): Promise<void>
}

const bootstrap = fileURLToPath(new URL('lambda-bootstrap.mjs', import.meta.url))

/** @param taskRoot where the function is unpacked */
export async function startLambda(
  taskRoot: string,
  environment: Readonly<Record<string, string>>,
  handler = 'lambda.handler',
): Promise<LambdaFunction> {
  let asks: ServerResponse | undefined
  let onAsk = () => {}
  let onDone: (result: Pick<Invoked, 'answer' | 'error'>) => void = () => {}
  const api = createServer(async (request, response) => {
    const url = request.url ?? ''
    if (url.endsWith('/invocation/next')) {
      asks = response
      return onAsk()
    }
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = JSON.parse(Buffer.concat(chunks).toString())
    if (!url.endsWith('/init/error')) running.child.kill('SIGSTOP')
    response.writeHead(202).end('{}')
    onDone(
      url.endsWith('/response') ? { answer: body, error: undefined } : { answer: undefined, error: body },
    )
  })
  // The function's connection outlives any freeze, as that of the real Runtime API does.
  api.keepAliveTimeout = 0
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve))
  const { port } = api.address() as AddressInfo
  const node = createRequire(import.meta.url).resolve('node/bin/node')
  const running = start(node, [bootstrap], {
    // Nothing of the tests' own environment: what the function needs is in its zip.
    env: {
      AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}`,
      AWS_LAMBDA_FUNCTION_NAME: 'health-check',
      AWS_REGION: 'eu-central-1',
      LAMBDA_TASK_ROOT: taskRoot,
      _HANDLER: handler,
      ...environment,
    },
    cwd: taskRoot,
  })
  const ended = new Promise<never>((_resolve, reject) => {
    running.child.once('exit', () =>
      reject(new Error(`the function's process has ended: ${running.output()}`)),
    )
  })
  ended.catch(() => {})
  const asked = () =>
    new Promise<ServerResponse>((resolve, reject) => {
      const look = () => {
        if (!asks) return
        resolve(asks)
        asks = undefined
      }
      onAsk = look
      onDone = ({ error }) => reject(new Error(`the function could not start: ${error?.errorMessage}`))
      look()
    })

  return {
    output: running.output,
    async invoke(event) {
      running.child.kill('SIGCONT')
      const next = await Promise.race([asked(), ended])
      const begin = performance.now()
      const done = new Promise<Pick<Invoked, 'answer' | 'error'>>((resolve) => {
        onDone = resolve
      })
      next.writeHead(200, { 'Lambda-Runtime-Aws-Request-Id': crypto.randomUUID() }).end(JSON.stringify(event))
      return { ...(await Promise.race([done, ended])), ms: performance.now() - begin }
    },
    async close() {
      await endProcess(running.child, 'SIGKILL')
      api.closeAllConnections()
      await new Promise((resolve) => api.close(resolve))
    },
  }
}
