/** Sends so many requests to a Redis at these times, in ms, and does nothing with the answers. */
interface Environment {
  readonly UPSTASH_REDIS_REST_URL: string
  readonly UPSTASH_REDIS_REST_TOKEN: string
  /** When each request is sent, in ms after the first. */
  readonly TIMES: readonly number[]
}

/** What workerd itself spends on requests and timers, whatever a Worker does with them. */
export default {
  async scheduled(_controller: unknown, environment: Environment): Promise<void> {
    const start = Date.now()
    for (const time of environment.TIMES) {
      const waitMs = time - (Date.now() - start)
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs))
      const answer = await fetch(environment.UPSTASH_REDIS_REST_URL, {
        method: 'POST',
        headers: { authorization: `Bearer ${environment.UPSTASH_REDIS_REST_TOKEN}` },
        body: '["get","edge-health:probe"]',
      })
      await answer.text()
    }
  },
}
