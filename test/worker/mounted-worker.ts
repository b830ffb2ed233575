import { Hono } from 'hono'
import { createHealthCheck } from '../../src/index.workerd.ts'

/** A Worker of an application, with a binding of its own and the health check among its routes. */
const health = createHealthCheck()
const app = new Hono<{ Bindings: { SHOP_NAME: string } }>()
app.get('/', (context) => context.text(context.env.SHOP_NAME))
app.route('/internal', health.app)

export default { fetch: app.fetch, scheduled: health.scheduled }
