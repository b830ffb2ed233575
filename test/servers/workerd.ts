import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'
import { parse as parseToml } from 'smol-toml'
import { endProcess } from './process.ts'

/** What a Worker finds in its environment; what is not a string becomes a JSON binding. */
export type Bindings = Readonly<Record<string, string | object>>

/** A Worker in raw workerd: no wrangler, no miniflare, nothing between the client and the Worker. */
export interface WorkerdServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  readonly pid: number
  /** What workerd and the Worker printed. */
  output(): string
  /** Runs the Worker's `scheduled` handler to its end, as a cron trigger would; `outcome` is `ok` or `exception`. */
  fireScheduled(cron?: string): Promise<{ outcome: string }>
  close(): Promise<void>
}

/** A request with this header finds its JSON in `request.cf`, where Cloudflare's edge puts what it knows of a request. */
export const cfHeader = 'x-test-cf'

interface WranglerToml {
  readonly compatibility_date?: string
  readonly compatibility_flags?: readonly string[]
  readonly define?: Readonly<Record<string, string>>
}

const root = new URL('../../', import.meta.url)

/**
 * @param entry path of the Worker's module, from the top of the repository or absolute
 * @param bundle the module as wrangler bundled it, instead of `entry`
 * @param flags compatibility flags beside those of wrangler.toml
 * @param trusted certificates (PEM) that it accepts beside those of the world
 */
export async function startWorkerd({
  entry = '',
  bundle,
  flags = [],
  bindings = {},
  trusted = [],
}: {
  entry?: string
  bundle?: string
  flags?: readonly string[]
  bindings?: Bindings
  trusted?: readonly string[]
}): Promise<WorkerdServer> {
  const module = bundle ?? (await bundleOf(entry))
  const directory = mkdtempSync(join(tmpdir(), 'health-workerd-'))
  const configuration = join(directory, 'workerd.capnp')
  writeFileSync(join(directory, 'worker.js'), module)
  writeFileSync(join(directory, 'front.js'), front)
  writeFileSync(configuration, capnp(bindings, trusted, flags))
  const program = createRequire(import.meta.url).resolve('workerd/bin/workerd')
  const child = spawn(program, ['serve', '--experimental', '--control-fd=3', configuration], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      text = (text + chunk.toString()).slice(-200_000)
    })
  }
  async function close(): Promise<void> {
    // With a request that never ends, SIGTERM is ignored and the port stays taken.
    await endProcess(child, 'SIGKILL')
    rmSync(directory, { recursive: true, force: true })
  }
  const exited = new Promise<never>((_resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`workerd ended with code ${code}: ${text}`)))
    child.once('error', reject)
  })
  exited.catch(() => {})
  try {
    const [port, frontPort] = await Promise.race([listening(child.stdio[3] as Readable), exited])
    return {
      url: `http://127.0.0.1:${port}`,
      pid: child.pid as number,
      output: () => text,
      fireScheduled: (cron = '*/15 * * * *') => fire(frontPort, cron),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

async function fire(port: number, cron: string): Promise<{ outcome: string }> {
  const answer = await fetch(`http://127.0.0.1:${port}/?cron=${encodeURIComponent(cron)}`)
  if (!answer.ok) throw new Error(`The scheduled handler could not be called: ${await answer.text()}`)
  return (await answer.json()) as { outcome: string }
}

/** workerd writes one JSON line to the control descriptor for each socket that it has opened. */
function listening(control: Readable): Promise<[number, number]> {
  return new Promise((resolve) => {
    const ports: Record<string, number> = {}
    let text = ''
    control.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      const lines = text.split('\n')
      text = lines.pop() ?? ''
      for (const line of lines) {
        const { event, socket, port } = JSON.parse(line)
        if (event === 'listen') ports[socket] = port
      }
      const { worker, front } = ports
      if (worker !== undefined && front !== undefined) resolve([worker, front])
    })
  })
}

const bundles = new Map<string, Promise<string>>()

/** The Worker as it is deployed: one minified module, resolved with the conditions that wrangler uses. */
export function bundleOf(entry: string): Promise<string> {
  const path = fileURLToPath(new URL(entry, root))
  const bundle = bundles.get(path) ?? makeBundle(path)
  bundles.set(path, bundle)
  return bundle
}

/** The same without the modules whose paths match: it does not run, and shows what they bring. */
export function bundleWithout(entry: string, modules: RegExp): Promise<string> {
  return makeBundle(fileURLToPath(new URL(entry, root)), [leaveOut(modules)])
}

function leaveOut(modules: RegExp): Plugin {
  return {
    name: 'leave-out',
    setup({ onResolve, resolve }) {
      onResolve({ filter: /^/ }, async ({ path, pluginData, ...from }) => {
        if (pluginData === modules || from.kind === 'entry-point') return undefined
        const resolved = await resolve(path, { ...from, pluginData: modules })
        return modules.test(resolved.path) ? { path, external: true } : undefined
      })
    },
  }
}

async function makeBundle(path: string, plugins: Plugin[] = []): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [path],
    plugins,
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2024',
    platform: 'browser',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*', 'node:*'],
    define: { 'process.env.NODE_ENV': '"production"', ...wranglerToml().define },
    logLevel: 'silent',
  })
  return outputFiles[0]?.text ?? ''
}

/** Only a service binding can call `scheduled`, so a Worker in front of the Worker does. */
const front = `export default {
  async fetch(request, { WORKER }) {
    const cron = new URL(request.url).searchParams.get('cron')
    return Response.json(await WORKER.scheduled({ cron, scheduledTime: new Date() }))
  },
}`

function capnp(bindings: Bindings, trusted: readonly string[], more: readonly string[]): string {
  const { date, flags: own } = wranglerToml()
  const flags = [...own, ...more]
  const list = Object.entries(bindings).map(([name, value]) =>
    typeof value === 'string'
      ? `(name = ${quote(name)}, text = ${quote(value)})`
      : `(name = ${quote(name)}, json = ${quote(JSON.stringify(value))})`,
  )
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "internet", network = (allow = ["public", "private"], tlsOptions = (trustBrowserCas = true, trustedCertificates = [${trusted.map(quote).join(', ')}]))),
    (name = "worker", worker = (
      modules = [(name = "worker.js", esModule = embed "worker.js")],
      compatibilityDate = ${quote(date)},
      compatibilityFlags = [${flags.map(quote).join(', ')}],
      bindings = [${list.join(', ')}])),
    (name = "front", worker = (
      modules = [(name = "front.js", esModule = embed "front.js")],
      compatibilityDate = ${quote(date)},
      compatibilityFlags = ["service_binding_extra_handlers"],
      bindings = [(name = "WORKER", service = "worker")])),
  ],
  sockets = [
    (name = "worker", address = "127.0.0.1:0", http = (cfBlobHeader = ${quote(cfHeader)}), service = "worker"),
    (name = "front", address = "127.0.0.1:0", http = (), service = "front"),
  ],
);
`
}

/** What the tests run is what is deployed. A copy of the repository may be without wrangler.toml. */
function wranglerToml(): {
  date: string
  flags: readonly string[]
  define: Readonly<Record<string, string>>
} {
  const path = new URL('wrangler.toml', root)
  const toml = existsSync(path) ? parseToml(readFileSync(path, 'utf8')) : {}
  const { compatibility_date = '2026-10-23', compatibility_flags = [], define = {} } = toml as WranglerToml
  return { date: compatibility_date, flags: compatibility_flags, define }
}

/** A string of Cap'n Proto's configuration language, which has JSON's escapes but \\u. */
function quote(text: string): string {
  return JSON.stringify(text).replace(/\\u00([0-9a-f]{2})/g, '\\x$1')
}
