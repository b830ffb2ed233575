import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { bundleOf } from '../servers/workerd.ts'

const maxKiB = 175

it(`the Worker with everything is at most ${maxKiB} KiB with gzip`, async () => {
  const bundle = await bundleOf('src/release/worker.ts')
  // Of the status page and of the expected schema: it is the whole Worker that is measured.
  for (const part of ['frame-ancestors', 'edge_health_overall_status', '__drizzle_migrations'])
    expect(bundle).toContain(part)
  expect(gzipSync(bundle).length / 1024).toBeLessThanOrEqual(maxKiB)
})
