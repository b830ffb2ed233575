type OnLine = (line: string, from: 'stdout' | 'stderr') => void

/**
 * Leaves out how wrangler prints the error of a build that failed: all fields of the process and its sockets, one line
 * each. What the build itself said was printed before, and wrangler's sentence follows.
 */
export function withoutErrorDumps(onLine: OnLine): OnLine {
  let inDump = false
  return (line, from) => {
    if (from === 'stderr') {
      if (dumpBegins.test(line)) inDump = true
      else if (inDump && dumpEnds.test(line)) {
        inDump = false
        return
      }
    }
    if (!inDump || from === 'stdout') onLine(line, from)
  }
}

/** execa's error, whose class is minified. */
const dumpBegins = /\[ERROR\] \S+ \[Error\]: Process exited with non-zero status/
/** Its fields are indented deeper than this brace. */
const dumpEnds = /^ {0,2}\}$/
