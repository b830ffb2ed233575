import { createHealthCheck } from '../../src/index.ts'

/** The health check on Bun (https://bun.sh/docs/api/http). */
const { app } = createHealthCheck()

declare const Bun: { serve(options: { port: number; fetch: typeof app.fetch }): { readonly port: number } }

const { port } = Bun.serve({ port: 0, fetch: app.fetch })
console.log(JSON.stringify({ message: 'listening', port }))
