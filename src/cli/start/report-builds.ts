import { notApplied } from '../../dev/embedded-database.ts'
import { keptLastBuild } from '../compile/last-build.ts'

/**
 * Prints what is printed while the Worker runs. The embedded Postgres and the compile both notice a broken migration and
 * say the same of it: that is said once, in one line, until the next good build.
 */
export function reportBuilds(print: (line: string) => void): (line: string) => void {
  let failure: string | undefined
  return (line) => {
    const sentence = failureIn(line)
    if (sentence === undefined) {
      if (goodBuild.test(line)) failure = undefined
      print(line)
    } else if (sentence !== failure) {
      failure = sentence
      print(`${sentence} ${meanwhile}`)
    }
  }
}

/** Of the build and of the embedded Postgres alike. */
const meanwhile = 'Until it is repaired, everything goes on as before.'

/** What the compile prints when it is done. */
const goodBuild = /\.json (?:written|unchanged): /

function failureIn(line: string): string | undefined {
  for (const beginning of [keptLastBuild, notApplied]) {
    const at = line.indexOf(beginning)
    if (at >= 0) return line.slice(at + beginning.length).split('\n')[0]
  }
  return undefined
}
