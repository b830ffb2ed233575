import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { lockFiles } from '../../compile/project/lock-files.ts'
import { readPackage } from './package-json.ts'

/** The commands of a package manager. */
export interface PackageManager {
  readonly name: 'npm' | 'pnpm' | 'yarn' | 'bun'
  readonly install: string
  readonly add: string
  readonly addDev: string
  /** Runs a script of package.json. */
  readonly run: string
  /** Runs a program of an installed package. */
  readonly exec: string
  /** Between a script and its arguments. */
  readonly beforeArguments: string
}

const common = { beforeArguments: '' }

/**
 * pnpm 11 and later fail when a dependency has a build script that nobody has approved. esbuild and workerd, which wrangler
 * brings, work without theirs.
 */
const withoutBuilds = '--config.strict-dep-builds=false'

export const packageManagers: Readonly<Record<PackageManager['name'], PackageManager>> = {
  npm: {
    name: 'npm',
    install: 'npm install',
    add: 'npm install',
    addDev: 'npm install --save-dev',
    run: 'npm run',
    exec: 'npx',
    beforeArguments: '-- ',
  },
  pnpm: {
    ...common,
    name: 'pnpm',
    install: `pnpm install ${withoutBuilds}`,
    add: `pnpm add ${withoutBuilds}`,
    addDev: `pnpm add ${withoutBuilds} --save-dev`,
    run: 'pnpm run',
    exec: 'pnpm exec',
  },
  yarn: {
    ...common,
    name: 'yarn',
    install: 'yarn install',
    add: 'yarn add',
    addDev: 'yarn add --dev',
    run: 'yarn run',
    exec: 'yarn run',
  },
  bun: {
    ...common,
    name: 'bun',
    install: 'bun install',
    add: 'bun add',
    addDev: 'bun add --dev',
    run: 'bun run',
    exec: 'bunx',
  },
}

/**
 * The one whose lock file is nearest, from the folder up to the root; else the one that `packageManager` of the root's
 * package.json names (https://nodejs.org/api/packages.html#packagemanager); else npm.
 */
export function findPackageManager(folder: string, root: string): PackageManager {
  for (let at = folder; ; at = dirname(at)) {
    const found = [...lockFiles].find(([file]) => existsSync(join(at, file)))
    if (found) return packageManagers[found[1]]
    if (at === root || at === dirname(at)) break
  }
  const named = /^(npm|pnpm|yarn|bun)(?:@|$)/.exec(String(readPackage(root)?.['packageManager']))?.[1]
  return packageManagers[(named ?? 'npm') as PackageManager['name']]
}
