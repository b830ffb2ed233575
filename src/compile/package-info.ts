// Imported, not read: the bundled bin carries it along.
import manifest from '../../package.json' with { type: 'json' }

/** The version of this package. */
export const version: string = manifest.version

const { devDependencies, peerDependencies } = manifest

/**
 * The versions of the packages that this one's commands may need, for a sentence that says what to install, and of itself.
 * Of each peer it is the oldest that will do: PGlite's tools name one exact PGlite, which is not the newest.
 */
export const versions: Readonly<Record<string, string>> = {
  ...devDependencies,
  ...Object.fromEntries(
    Object.entries(peerDependencies).map(([name, range]) => [name, /\d[^\s|]*/.exec(range)?.[0] ?? range]),
  ),
  [manifest.name]: `^${manifest.version}`,
}
