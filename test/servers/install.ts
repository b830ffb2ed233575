/** `npm test` begins with it: types and lint read the packages that the tests alone need. */
import { provideTestPackages } from './npm-packages.ts'

try {
  provideTestPackages()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
