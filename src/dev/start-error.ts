/** What stops `npm start`: one sentence for the person at the terminal that says what is wrong and how to go on. */
export class StartError extends Error {
  override readonly name = 'StartError'
}
