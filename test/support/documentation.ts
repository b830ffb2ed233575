import { readdirSync, readFileSync } from 'node:fs'

/** Every page that people read, by its path from the root of the repository. */
export const pages: readonly string[] = [
  'README.md',
  'CHANGELOG.md',
  ...['docs', '.github'].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${folder}/${name}`),
  ),
]

export const readPage = (path: string): string => readFileSync(path, 'utf8')

const fence = /^```(\w*)\n(.*?)^```$/gms

/** The fenced blocks of one language. */
export const blocks = (text: string, language: string): string[] =>
  [...text.matchAll(fence)].flatMap(([, name, code = '']) => (name === language ? [code] : []))

const prose = (text: string): string => text.replace(fence, '')

export interface Link {
  /** Relative to the page; empty for the page itself. */
  readonly path: string
  readonly anchor: string | undefined
}

/** Links that do not lead out of the repository. */
export const links = (text: string): Link[] =>
  [...prose(text).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)].map(([, path = '', anchor]) => ({
    path,
    anchor,
  }))

/** What a link may name behind `#`: GitHub lower-cases a heading, drops punctuation and makes dashes of blanks. */
export const anchors = (text: string): string[] =>
  [...prose(text).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )

const program = /^(?:[A-Z_]+=(?:"[^"]*"|\S+) +)*(?:npm|npx|node|curl|psql|celery|git|edge-health) /

/** What a reader may type: the lines of shell blocks, the steps of a workflow, and commands within a sentence. */
export const commandLines = (text: string): string[] => [
  ...blocks(text, 'sh').flatMap((code) => code.trim().split('\n')),
  ...blocks(text, 'yaml').flatMap((code) =>
    [...code.matchAll(/run: (np[mx] .*)$/gm)].map(([, line = '']) => line),
  ),
  ...[...prose(text).matchAll(/`([^`\n]+)`/g)].flatMap(([, code = '']) => (program.test(code) ? [code] : [])),
]

/** The words of a shell command, without their quotes. */
const words = (line: string): string[] =>
  [...line.matchAll(/((?:[^\s"'\\]|\\.|"(?:\\"|[^"])*"|'[^']*')+)/g)].map(([word]) =>
    word.replace(/"((?:\\"|[^"])*)"|'([^']*)'/g, (_, double, single) => double ?? single),
  )

interface ParsedCommand {
  /** Names of the variables that are set before it. */
  readonly variables: readonly string[]
  /** Absent when the line sets variables and nothing else. */
  readonly program: string | undefined
  readonly args: readonly string[]
}

/** `A=1 npx edge-health check > file` is the program `edge-health`, with a variable; the shell reads where the output goes. */
export function parseCommand(line: string): ParsedCommand {
  const all = words(line.replace(/ > [\w.]+$/, ''))
  const found = all.findIndex((word) => !/^[A-Z_]+=/.test(word))
  const start = found < 0 ? all.length : found
  const [program, ...args] = all.slice(start).filter((word) => word !== 'npx')
  return { variables: all.slice(0, start).map((word) => word.split('=')[0] ?? ''), program, args }
}
