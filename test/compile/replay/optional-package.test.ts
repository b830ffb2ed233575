import { expect, it } from 'vitest'
import { optionalPackage } from '../../../src/compile/replay/optional-package.ts'

it('names the command that installs a missing package', async () => {
  const missing = 'nobody-has-this'
  await expect(optionalPackage(missing, () => import(missing))).rejects.toThrow(
    'Compiling needs nobody-has-this, which is not installed: npm install -D nobody-has-this',
  )
})

it('lets every other mistake through', async () => {
  await expect(optionalPackage('x', () => Promise.reject(new TypeError('broken')))).rejects.toThrow(TypeError)
})
