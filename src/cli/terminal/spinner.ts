import yoctoSpinner from 'yocto-spinner'

/** Shows on a terminal that the work goes on; elsewhere the spinner would print lines of its own. */
export async function withSpinner<T>(text: string, work: () => Promise<T>): Promise<T> {
  const { isTTY } = process.stderr
  if (!isTTY || 'CI' in process.env || process.env['TERM'] === 'dumb') return work()
  const spinner = yoctoSpinner({ text, stream: process.stderr, handleSignals: false }).start()
  const stop = () => spinner.stop()
  // However it ends: a terminal without a cursor is a nuisance.
  process.once('exit', stop)
  try {
    return await work()
  } finally {
    process.off('exit', stop)
    stop()
  }
}
