import { globSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

it('is not a program whose work depends on `import.meta.main`, which Node has since 24.2: it runs TypeScript since 22.18', () => {
  const files = globSync('src/**/*.ts').filter((file) =>
    readFileSync(file, 'utf8').includes('import.meta.main'),
  )
  expect(files).toEqual([])
})
