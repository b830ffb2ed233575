import { secretsFile } from './git.ts'
import type { PackageManager } from './package-manager.ts'
import type { InitPlan } from './plan.ts'
import { packagesOf, scriptsOf } from './shared-files.ts'

/** What the folder's own package.json has already, when there was one. */
interface ExistingPackage {
  readonly packages: ReadonlySet<string>
}

/** What was in the folder before. */
export interface Before {
  /** Absent when init wrote the package.json. */
  readonly existing?: ExistingPackage | undefined
  /** Whether the file of the secrets is there: copying the example would empty it. */
  readonly hasSecrets?: boolean
}

/**
 * What to type next. Each line is a command that can be pasted as it is, also into zsh, which takes no comments; what is for a
 * person to do stands between the blocks.
 *
 * @param folder from where init was run
 */
export function nextSteps(
  folder: string,
  plan: InitPlan,
  { existing, hasSecrets = false }: Before,
): string[] {
  const { packageManager: manager, platform } = plan
  const secrets = secretsFile[platform]
  const script = (name: string) => `${manager.run} ${existing ? ownName(name) : name}`
  const commands = (lines: readonly string[]) => lines.map((line) => `  ${line}`)
  return [
    'Next:',
    ...commands([
      ...(folder === '.' ? [] : [`cd ${quote(folder)}`]),
      ...(existing ? additions(plan, existing) : installation(plan)),
      ...(hasSecrets ? [] : [`cp ${secrets}.example ${secrets}`]),
    ]),
    '',
    `Fill in ${secrets}, then:`,
    ...commands([
      script('compile'),
      script('check'),
      // `osls package` and `osls deploy` take what it writes.
      ...(platform === 'lambda' ? [script('build')] : []),
    ]),
    '',
    `With the values of production in ${secrets}${platform === 'lambda' ? ', or in the environment' : ''}:`,
    ...commands([
      // Without them the function would be not_configured; later deploys keep the secrets.
      script('deploy') +
        (platform === 'lambda' ? '' : ` ${manager.beforeArguments}--secrets-file ${secrets}`),
    ]),
    '',
    'With the address that the deploy prints:',
    ...commands([`${script('smoke')} ${manager.beforeArguments}https://…`]),
  ]
}

/** A folder that no workspace names is installed by itself, with an option of the package manager. */
function installation({ packageManager: { name, install }, workspace }: InitPlan): string[] {
  if (workspace !== 'outside') return [install]
  if (name === 'pnpm') return [`${install} --ignore-workspace`]
  return name === 'yarn' ? ['touch yarn.lock', install] : [install]
}

/** The scripts are added under names of their own: the project may have a `build` or a `deploy`. */
function additions(plan: InitPlan, { packages }: ExistingPackage): string[] {
  const { packageManager: manager, workspace } = plan
  const { dependencies, devDependencies } = packagesOf(plan)
  const atRoot = workspace === 'root' ? rootOption[manager.name] : ''
  const add = (command: string, wanted: Readonly<Record<string, string>>) => {
    const missing = Object.entries(wanted).filter(([name]) => !packages.has(name))
    if (missing.length === 0) return []
    return [`${command}${atRoot} ${missing.map(([name, version]) => quote(`${name}@${version}`)).join(' ')}`]
  }
  const scripts = Object.entries(scriptsOf(plan, ownName)).map(([name, text]) =>
    quote(`scripts.${ownName(name)}=${text}`),
  )
  return [
    ...add(manager.add, dependencies),
    ...add(manager.addDev, devDependencies),
    `npm pkg set ${scripts.join(' ')}`,
  ]
}

/** What adds a package to the root of a workspace itself. */
const rootOption: Readonly<Record<PackageManager['name'], string>> = {
  npm: '',
  pnpm: ' --workspace-root',
  yarn: '',
  bun: '',
}

const ownName = (script: string): string => `health:${script}`

/** For a POSIX shell. */
const quote = (word: string): string =>
  /^[\w./@:^-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
