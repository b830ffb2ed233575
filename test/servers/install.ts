/** `npm test` begins with it: types and lint read the packages that the tests alone need. */
import { provideTestPackages } from './npm-packages.ts'

provideTestPackages()
