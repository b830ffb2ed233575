/** Deep enough for every driver; a chain that goes in circles ends here. */
const maxDepth = 8

/** The error and what it was made of: drizzle-orm, for example, wraps what the driver threw. */
export function causes(error: unknown): Error[] {
  const chain: Error[] = []
  let cause = error
  while (cause instanceof Error && chain.length < maxDepth) {
    chain.push(cause)
    cause = cause.cause
  }
  return chain
}
