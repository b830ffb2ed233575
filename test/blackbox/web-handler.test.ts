import { createHealthCheck } from '../../src/index.ts'
import { describeAnswers } from './cases.ts'

describeAnswers('a web handler, as Vercel calls it', async (environment) => {
  const { app } = createHealthCheck({ environment })
  const GET = (request: Request) => app.fetch(request)
  return {
    send: async (path, init) => GET(new Request(`https://shop.example${path}`, init)),
    async close() {},
  }
})
