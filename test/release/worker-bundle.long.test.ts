import { existsSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { anyOf, workerParts } from '../servers/worker-parts.ts'
import { bundleOf, bundleWithout } from '../servers/workerd.ts'

const worker = 'src/release/worker.ts'
const kibibytes = (bundle: string): number => gzipSync(bundle).length / 1024

it('the Worker with everything is at most 175 KiB with gzip', async () => {
  const bundle = await bundleOf(worker)
  // Of the status page and of the expected schema: it is the whole Worker that is measured.
  for (const part of ['frame-ancestors', 'edge_health_overall_status', '__drizzle_migrations'])
    expect(bundle).toContain(part)
  expect(kibibytes(bundle)).toBeLessThanOrEqual(175)
})

it('without the status page and the formats it is at most 163 KiB', async () => {
  const bundle = await bundleWithout(worker, anyOf(workerParts.statusPage, workerParts.formats))
  for (const part of ['frame-ancestors', 'edge_health_overall_status']) expect(bundle).not.toContain(part)
  expect(bundle).toContain('the store cannot be asked')
  expect(kibibytes(bundle)).toBeLessThanOrEqual(163)
})

it('without the status page, the store, the alerts and the formats it is at most 154 KiB', async () => {
  const { statusPage, storeAndAlerts, formats } = workerParts
  const bundle = await bundleWithout(worker, anyOf(statusPage, storeAndAlerts, formats))
  for (const part of ['frame-ancestors', 'edge_health_overall_status']) expect(bundle).not.toContain(part)
  expect(bundle).toContain('__drizzle_migrations')
  expect(kibibytes(bundle)).toBeLessThanOrEqual(154)
})

it('has nothing of what asks over TCP', async () => {
  const files = [
    'src/clients/postgres-tcp.ts',
    'src/clients/redis-tcp.ts',
    'node_modules/pg',
    'node_modules/ioredis',
  ]
  for (const file of files) expect(existsSync(file), file).toBe(true)
  const overTcp = new RegExp(files.map((file) => `/${file}`).join('|'))
  expect(await bundleWithout(worker, overTcp)).toBe(await bundleOf(worker))
})
