/** Files at the root of a project or workspace in which a package manager keeps exact versions, by the names of those. */
export const lockFiles: ReadonlyMap<string, 'npm' | 'pnpm' | 'yarn' | 'bun'> = new Map([
  ['package-lock.json', 'npm'],
  ['npm-shrinkwrap.json', 'npm'],
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
])
