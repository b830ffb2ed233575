import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { findTypeScriptLoader, typeScriptArguments } from '../../../src/compile/project/type-script-loader.ts'
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

it.each(['{"type":"module"}', '{}'])(
  'is not needed: Node runs the TypeScript of a package that says %s',
  async (manifest) => {
    const project = temporaryFolder({
      'package.json': manifest,
      'drizzle.config.ts': `import { out } from './lib'
      enum Casing { snake = 'snake_case' }
      export default { out, casing: Casing.snake, schema: __dirname }`,
      'lib/index.ts': `export { out } from './out.js'`,
      'lib/out.ts': `export const out: string = require('node:path').join('a', 'b')`,
    })
    const program = fileURLToPath(new URL('../../../src/compile/project/config-child.ts', import.meta.url))
    const file = join(project, 'drizzle.config.ts')
    const child = fork(program, [JSON.stringify(file)], {
      execArgv: [...typeScriptArguments([file]), '--no-warnings'],
    })
    const [message] = await once(child, 'message')
    expect(message).toMatchObject({
      value: { out: 'a/b', casing: 'snake_case', schema: project },
      loaded: expect.arrayContaining([file, join(project, 'lib/out.ts')]),
    })
  },
)
