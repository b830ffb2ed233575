/** Databases of drizzle-orm 1.0, which is installed in this folder alone. */

import type { NeonQueryFunction } from '@neondatabase/serverless'
import { drizzle as neonDrizzle } from 'drizzle-orm/neon-http'
import { drizzle as pgDrizzle } from 'drizzle-orm/node-postgres'
import { drizzle as postgresJsDrizzle } from 'drizzle-orm/postgres-js'
import type pg from 'pg'
import type { Sql } from 'postgres'

export const onPool = (client: pg.Pool) => pgDrizzle({ client })
export const onClient = (client: pg.Client) => pgDrizzle({ client })
export const onPostgresJs = (client: Sql) => postgresJsDrizzle({ client })
export const onNeonHttp = (client: NeonQueryFunction<false, false>) => neonDrizzle({ client })
