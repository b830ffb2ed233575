import yoctoSpinner from 'yocto-spinner'

/** Shows on a terminal that the work goes on; elsewhere the spinner would print lines of its own. */
export async function withSpinner<T>(text: string, work: () => Promise<T>): Promise<T> {
  const { isTTY } = process.stderr
  if (!isTTY || 'CI' in process.env || process.env['TERM'] === 'dumb') return work()
  const spinner = yoctoSpinner({ text, stream: process.stderr }).start()
  try {
    return await work()
  } finally {
    spinner.stop()
  }
}
