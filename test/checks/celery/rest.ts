import { createServer } from 'node:http'
import { Redis } from 'ioredis'

/** One Redis command for each POST, as Upstash's REST API answers it. */
export async function startRest(redisUrl: string, options: { lagMs?: number } = {}) {
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: 1 })
  redis.on('error', () => {})
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    await new Promise((resolve) => setTimeout(resolve, options.lagMs ?? 0))
    const [command, ...args] = JSON.parse(body) as string[]
    try {
      const result = await redis.call(String(command), ...args)
      response.end(JSON.stringify({ result }))
    } catch (error) {
      response.writeHead(400).end(JSON.stringify({ error: (error as Error).message }))
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      redis.disconnect()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
