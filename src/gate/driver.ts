/**
 * Drizzle's migrators by how they run what is pending (drizzle-orm 0.45 and 1.0, `migrate` of each driver's dialect or
 * migrator): in one transaction, or each part of a file by itself.
 */
const drivers = {
  'node-postgres': 'one transaction',
  'postgres-js': 'one transaction',
  'neon-serverless': 'one transaction',
  'vercel-postgres': 'one transaction',
  'bun-sql': 'one transaction',
  'aws-data-api': 'one transaction',
  'netlify-db': 'one transaction',
  pglite: 'one transaction',
  'neon-http': 'no transaction',
  'xata-http': 'no transaction',
} as const

export type Driver = keyof typeof drivers

export const driverNames = Object.keys(drivers)

export const isDriver = (name: string): name is Driver => Object.hasOwn(drivers, name)

/** drizzle-kit migrate takes the first that is installed of four drivers, all of which use one transaction. */
export const defaultDriver: Driver = 'node-postgres'

export const usesOneTransaction = (driver: Driver): boolean => drivers[driver] === 'one transaction'
