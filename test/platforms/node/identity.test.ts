import { hostname } from 'node:os'
import { expect, it } from 'vitest'
import { platformIdentity } from '../../../src/platforms/node/identity.ts'

it.each([
  [{}, hostname(), undefined],
  [{ VERCEL_REGION: 'fra1', VERCEL_GIT_COMMIT_SHA: '4f2a91c' }, 'health-check/fra1', '4f2a91c'],
  [{ VERCEL_REGION: '', VERCEL_GIT_COMMIT_SHA: '' }, hostname(), undefined],
])('a server with %j answers as %s, release %s', (environment, name, release) => {
  expect(platformIdentity(environment)).toEqual({ hostname: name, release })
})
