import { createHealthCheck } from '../../src/index.ts'

/** The health check on Deno (https://docs.deno.com/api/deno/~/Deno.serve). */
const { app } = createHealthCheck()

declare const Deno: {
  serve(
    options: { port: number; onListen: (address: { readonly port: number }) => void },
    handler: typeof app.fetch,
  ): unknown
}

const onListen = ({ port }: { readonly port: number }) =>
  console.log(JSON.stringify({ message: 'listening', port }))
Deno.serve({ port: 0, onListen }, app.fetch)
