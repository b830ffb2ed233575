import { build } from 'esbuild'
import { expect, it } from 'vitest'

it('leaves what only the build needs out of the function', async () => {
  const { metafile } = await build({
    entryPoints: ['src/worker.ts', 'src/lambda.ts'],
    bundle: true,
    metafile: true,
    write: false,
    outdir: 'unused',
    format: 'esm',
    platform: 'node',
    external: ['cloudflare:*'],
  })
  const inputs = Object.keys(metafile.inputs)
  expect(inputs).toContain('src/checks/migrations/check.ts')
  expect(inputs.filter((path) => /drizzle-orm|drizzle-kit|pglite|^src\/compile\//.test(path))).toEqual([])
})
