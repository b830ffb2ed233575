import { endProcess, type Started, start, untilReady } from './process.ts'

/** A server in a process of its own, which has said on which port it listens. */
export interface ServerProcess extends Started {
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  /** What it has logged, one object for each line of JSON. */
  lines(): Record<string, unknown>[]
  close(): Promise<void>
}

/** @param args the first one is the program */
export async function startServerProcess(
  [program = '', ...args]: readonly string[],
  { cwd, ...environment }: Record<string, string> & { cwd?: string } = {},
): Promise<ServerProcess> {
  const { PATH = '', HOME = '' } = process.env
  const started = start(program, args, {
    env: { PATH, HOME, PORT: '0', ...environment },
    ...(cwd && { cwd }),
  })
  const lines = () =>
    started
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
      .map((line) => JSON.parse(line))
  const port = () => lines().find(({ message }) => message === 'listening')?.['port']
  await untilReady(args.join(' '), started, () => port() !== undefined)
  return { ...started, lines, url: `http://127.0.0.1:${port()}`, close: () => endProcess(started.child) }
}
