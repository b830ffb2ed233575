import { existsSync } from 'node:fs'
import { createRequire, type LoadFnOutput, registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'
import { isMissing } from '../is-missing.ts'

/** Files of the project that were loaded in this process; packages are left out: their versions are in the lock file. */
const loaded = new Set<string>()

/**
 * Loads the project's code as drizzle-kit does, which turns every file into CommonJS: imports without an extension are
 * found, and `__dirname`, `__filename` and `require` are there in a module too. Keeps which files were loaded.
 */
export function installModuleHooks(): void {
  registerHooks({
    resolve(specifier, context, nextResolve) {
      try {
        return nextResolve(specifier, context)
      } catch (error) {
        const found = isUnresolved(error) ? withExtension(specifier, context.parentURL) : undefined
        if (found === undefined) throw error
        return nextResolve(found, context)
      }
    },
    load(url, context, nextLoad) {
      const path = pathOf(url)
      if (path !== undefined) loaded.add(path)
      const output = nextLoad(url, context)
      return path === undefined ? output : withCommonJsNames(output)
    },
  })
}

/** The project's files that were loaded, those that CommonJS modules required too. */
export function loadedFiles(): string[] {
  // What CommonJS modules require from each other passes by the hook.
  const required = Object.keys(createRequire(import.meta.url).cache)
    .map((path) => path.split('?')[0] ?? path)
    .filter((path) => !path.includes('/node_modules/') && existsSync(path))
  return [...new Set([...loaded, ...required])]
}

/** Undefined for what is in a package, or not a file. */
function pathOf(url: string): string | undefined {
  if (!url.startsWith('file:') || url.includes('/node_modules/')) return undefined
  return fileURLToPath(url.split('?')[0] ?? url)
}

/** Modules, unlike CommonJS, do not look for the index of a directory. */
function isUnresolved(error: unknown): boolean {
  if (isMissing(error)) return true
  return error instanceof Error && 'code' in error && error.code === 'ERR_UNSUPPORTED_DIR_IMPORT'
}

const ends = ['.ts', '.tsx', '.mts', '.cts', '.js', '.mjs', '.cjs', '.json', '/index.ts', '/index.js']

function withExtension(specifier: string, parent: string | undefined): string | undefined {
  if (!/^\.{0,2}\//.test(specifier) || parent?.startsWith('file:') !== true) return undefined
  // TypeScript's own rule: an import of `./a.js` may mean `./a.ts`.
  const bases = [specifier, specifier.replace(/\.([cm]?)js$/, '.$1ts')]
  return bases
    .flatMap((base) => (base === specifier ? ends.map((end) => base + end) : [base]))
    .map((candidate) => new URL(candidate, parent))
    .find((url) => existsSync(url))?.href
}

const commonJsNames = {
  __filename: 'import.meta.filename',
  __dirname: 'import.meta.dirname',
  require: `process.getBuiltinModule('node:module').createRequire(import.meta.url)`,
}

/** Names that the module uses and does not declare itself. On its first line, so that no other line moves. */
function withCommonJsNames(output: LoadFnOutput): LoadFnOutput {
  if (output.format !== 'module' && output.format !== 'module-typescript') return output
  if (output.source === undefined || output.source === null) return output
  const source = typeof output.source === 'string' ? output.source : new TextDecoder().decode(output.source)
  const declarations = Object.entries(commonJsNames)
    .filter(([name]) => uses(source, name))
    .map(([name, value]) => `const ${name} = ${value};`)
  return declarations.length === 0 ? output : { ...output, source: declarations.join(' ') + source }
}

function uses(source: string, name: string): boolean {
  if (!new RegExp(`(?<![.\\w$])${name}\\b`).test(source)) return false
  return !new RegExp(`\\b(?:const|let|var|function|import|as)\\b[^;\\n=(]*\\b${name}\\b`).test(source)
}
