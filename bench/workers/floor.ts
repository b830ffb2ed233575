import { Hono } from 'hono'

/** The floor: what Hono in a Worker costs when the answer is already there. */
export default new Hono().get('/health-check', (context) => context.json({ status: 'success' }))
