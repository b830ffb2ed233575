import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { assertWranglerConfig, choosePort, chooseSources } from '../../src/dev/preflight.ts'
import { temporaryFolder } from '../compile/folders.ts'
import { freePort } from '../servers/process.ts'

it('names the port that is in use and how to choose another one', async () => {
  const port = await freePort()
  expect(await choosePort(String(port))).toBe(port)
  const other = createServer().listen(port, '127.0.0.1')
  await expect(choosePort(String(port))).rejects.toThrow(
    `Port ${port} is in use: choose another one, as in PORT=8787.`,
  )
  other.close()
})

it.each(['0', '65536', 'http', '80.5', '-1', ' '])('refuses the port %j', async (port) => {
  await expect(choosePort(port)).rejects.toThrow('PORT: expected a whole number from 1 to 65535')
})

it('reads the drizzle.config that is named, else the one in the folder, else the example’s', () => {
  const folder = temporaryFolder({ 'drizzle.config.ts': '', 'other.config.ts': '', 'third.config.ts': '' })
  const config = (...from: Parameters<typeof chooseSources>) => chooseSources(...from).config
  expect(config({ config: 'third.config.ts' }, 'other.config.ts', folder)).toBe(
    join(folder, 'third.config.ts'),
  )
  expect(config({}, 'other.config.ts', folder)).toBe(join(folder, 'other.config.ts'))
  expect(config({}, undefined, folder)).toBe(join(folder, 'drizzle.config.ts'))
  expect(config({}, undefined, temporaryFolder())).toMatch(/example\/drizzle\.config\.ts$/)
})

it('reads no config when the migrations are named, unless it is named too', () => {
  const folder = temporaryFolder({ 'drizzle.config.ts': '' })
  const words = { migrations: 'db', preset: 'neon' }
  expect(chooseSources(words, 'other.config.ts', folder)).toEqual(words)
  const both = { ...words, config: 'drizzle.config.ts' }
  expect(chooseSources(both, undefined, folder)).toEqual({
    ...words,
    config: join(folder, 'drizzle.config.ts'),
  })
})

it('names the drizzle.config that does not exist', () => {
  for (const [words, drizzleConfig] of [
    [{}, 'nope/drizzle.config.ts'],
    [{ config: 'nope/drizzle.config.ts' }, undefined],
  ] as const) {
    expect(() => chooseSources(words, drizzleConfig, '/somewhere')).toThrow(
      'There is no file /somewhere/nope/drizzle.config.ts, which --config or DRIZZLE_CONFIG names: name the one that is there.',
    )
  }
})

it('says when there is nothing to start', () => {
  expect(() => assertWranglerConfig('/nowhere')).toThrow('There is no wrangler.toml in /nowhere')
})
