// Imported, not read: the bundled bin carries it along.
import manifest from '../../package.json' with { type: 'json' }

/** The version of this package. */
export const version: string = manifest.version

const { devDependencies, peerDependencies = {} } = manifest as typeof manifest & {
  peerDependencies?: Record<string, string>
}

/** The versions that this package works with, for those who install it: itself, and what its commands may need. */
export const versions: Readonly<Record<string, string>> = {
  ...devDependencies,
  ...peerDependencies,
  [manifest.name]: `^${manifest.version}`,
}
