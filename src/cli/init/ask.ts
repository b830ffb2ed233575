import { createInterface } from 'node:readline/promises'

/** Asks a question; what is typed, or the suggestion when nothing is. */
export type Ask = (question: string, suggestion: string) => Promise<string>

/** Asks on a terminal. Without one there is no answer, so the suggestion is taken. */
export async function withAsk<T>(use: (ask: Ask) => Promise<T>): Promise<T> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return use(async (_question, suggestion) => suggestion)
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  // Ctrl-C and Ctrl-D: the question will never be answered.
  const abandon = () => process.exit(130)
  terminal.once('close', abandon)
  try {
    return await use(async (question, suggestion) => {
      const hint = suggestion ? ` (${suggestion})` : ''
      return (await terminal.question(`${question}${hint}: `)).trim() || suggestion
    })
  } finally {
    terminal.off('close', abandon)
    terminal.close()
  }
}
