import { provideNpmPackages } from '../npm-packages.ts'

/** Vitest's global set-up of the long tests, which ask every version of Postgres. */
export default function setup(): void {
  provideNpmPackages('postgres-versions')
}
