import { expect, test } from 'vitest'
import { explainMissingPackage } from '../../src/cli/missing-package.ts'
import { assertNode } from '../../src/cli/node-version.ts'

const notFound = (message: string) => Object.assign(new Error(message), { code: 'ERR_MODULE_NOT_FOUND' })

test('a missing package is named with all others that are missing, and the command that installs them', () => {
  const error = notFound("Cannot find package '@scope/nowhere' imported from /somewhere/start.js")
  expect(explainMissingPackage('start', error, ['no-such-package', 'pg'])?.message).toBe(
    'edge-health start needs @scope/nowhere, no-such-package, which are not installed: npm install --save-dev @scope/nowhere no-such-package',
  )
  const subpath = notFound("Cannot find package 'wrangler/package.json' imported from /somewhere/start.js")
  expect(explainMissingPackage('start', subpath)?.message).toMatch(
    /needs wrangler, .* wrangler@\d+\.\d+\.\d+$/,
  )
})

test('a missing file of our own is a bug, not a package to install', () => {
  expect(explainMissingPackage('start', notFound("Cannot find module '/somewhere/chunk.js'"))).toBeUndefined()
  expect(explainMissingPackage('start', new Error('Cannot find package'))).toBeUndefined()
})

test('a command that needs a newer Node says which', () => {
  expect(() => assertNode('compile', [22, 15])).not.toThrow()
  expect(() => assertNode('compile', [99, 1])).toThrow(
    `edge-health compile needs Node 99.1 or later, and this is ${process.version}.`,
  )
})
