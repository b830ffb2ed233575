import { Hono } from 'hono'
import { handle } from 'hono/aws-lambda'

/** The floor: what Hono on Lambda costs before it has done anything. */
export const handler = handle(
  new Hono().get('/health-check', (context) => context.json({ status: 'success' })),
)
