import { expect, test } from 'vitest'
import { explainMissingPackage } from '../../src/cli/missing-package.ts'
import { assertNode } from '../../src/cli/node-version.ts'
import { temporaryFolder } from '../compile/folders.ts'

const notFound = (message: string) => Object.assign(new Error(message), { code: 'ERR_MODULE_NOT_FOUND' })

test('a missing package is named with all others that are missing, and the command that installs them', async () => {
  const error = notFound("Cannot find package '@scope/nowhere' imported from /somewhere/start.js")
  expect((await explainMissingPackage('start', error, ['no-such-package', 'pg']))?.message).toBe(
    'edge-health start needs @scope/nowhere, no-such-package, which are not installed: npm install --save-dev @scope/nowhere no-such-package',
  )
  const subpath = notFound("Cannot find package 'wrangler/package.json' imported from /somewhere/start.js")
  expect((await explainMissingPackage('start', subpath))?.message).toMatch(
    /needs wrangler, .* wrangler@\d+\.\d+\.\d+$/,
  )
  const pnpm = temporaryFolder({
    'pnpm-lock.yaml': '',
    'package.json': '{}',
    'apps/health/package.json': '{}',
  })
  const spoken = await explainMissingPackage('start', error, [], `${pnpm}/apps/health`)
  expect(spoken?.message).toMatch(/: pnpm add .*--save-dev @scope\/nowhere$/)
})

test('a missing file of our own is a bug, not a package to install', async () => {
  const chunk = notFound("Cannot find module '/somewhere/chunk.js'")
  expect(await explainMissingPackage('start', chunk)).toBeUndefined()
  expect(await explainMissingPackage('start', new Error('Cannot find package'))).toBeUndefined()
})

test('a command that needs a newer Node says which', () => {
  expect(() => assertNode('compile', [22, 15])).not.toThrow()
  expect(() => assertNode('compile', [99, 1])).toThrow(
    `edge-health compile needs Node 99.1 or later, and this is ${process.version}.`,
  )
})
