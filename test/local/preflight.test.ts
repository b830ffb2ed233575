import { createServer } from 'node:net'
import { expect, it } from 'vitest'
import { assertWranglerConfig, chooseDrizzleConfig, choosePort } from '../../src/local/preflight.ts'
import { freePort } from '../servers/process.ts'

it('names the port that is in use and how to choose another one', async () => {
  const port = await freePort()
  expect(await choosePort(String(port))).toBe(port)
  const other = createServer().listen(port, '127.0.0.1')
  await expect(choosePort(String(port))).rejects.toThrow(
    `Port ${port} is in use: choose another one, as in PORT=8787 npm start.`,
  )
  other.close()
})

it.each(['0', '65536', 'http', '80.5', '-1', ' '])('refuses the port %j', async (port) => {
  await expect(choosePort(port)).rejects.toThrow('PORT: expected a whole number from 1 to 65535')
})

it('names the drizzle.config that does not exist', () => {
  expect(() => chooseDrizzleConfig('nope/drizzle.config.ts', '/somewhere')).toThrow(
    'DRIZZLE_CONFIG: there is no file /somewhere/nope/drizzle.config.ts; name your drizzle.config.ts',
  )
})

it('says when there is nothing to start', () => {
  expect(() => assertWranglerConfig('/nowhere')).toThrow('There is no wrangler.toml in /nowhere')
})
