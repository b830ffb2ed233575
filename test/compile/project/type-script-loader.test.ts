import { join } from 'node:path'
import { expect, it } from 'vitest'
import { findTypeScriptLoader } from '../../../src/compile/project/type-script-loader.ts'
import { temporaryFolder } from '../folders.ts'

const installed = (name: string, folder = '') => ({
  [`${folder}node_modules/${name}/package.json`]: JSON.stringify({ name, main: 'index.js' }),
  [`${folder}node_modules/${name}/index.js`]: '',
})

it("is that of the project's drizzle-kit before its own, and the first place's before the next", () => {
  const project = temporaryFolder({
    ...installed('tsx'),
    ...installed('drizzle-kit'),
    ...installed('tsx', 'node_modules/drizzle-kit/'),
  })
  expect(findTypeScriptLoader([join(project, 'a.ts'), import.meta.filename])).toBe(
    join(project, 'node_modules/drizzle-kit/node_modules/tsx/index.js'),
  )
})

it('is that of the next place where drizzle-kit is missing, or brings none', () => {
  const next = temporaryFolder(installed('tsx'))
  for (const files of [{}, installed('drizzle-kit')]) {
    const project = temporaryFolder(files)
    expect(findTypeScriptLoader([join(project, 'a.ts'), join(next, 'a.ts')])).toBe(
      join(next, 'node_modules/tsx/index.js'),
    )
  }
})

it('may be nowhere', () => {
  expect(findTypeScriptLoader([join(temporaryFolder(), 'a.ts')])).toBeUndefined()
})
