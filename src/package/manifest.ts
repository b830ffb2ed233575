/**
 * `npm pack` ships package.json as it stands, and whoever installs the package gets its optional dependencies: here
 * those are the Postgres servers of the tests. So it is packed without them (`publish`, npm's prepack) and put back
 * afterwards (`restore`, npm's postpack).
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'

const file = new URL('../../package.json', import.meta.url)
const original = new URL('../../dist/package.json', import.meta.url)

/** What only this repository uses. npm needs none of it to install or run the package. */
const ours = ['scripts', 'devDependencies', 'optionalDependencies', 'overrides', 'allowScripts']

const [action] = process.argv.slice(2)
if (action === 'publish') publish()
else if (action === 'restore') restore()
else throw new Error('usage: node src/package/manifest.ts publish|restore')

function publish(): void {
  const text = readFileSync(file, 'utf8')
  const manifest: Record<string, unknown> = JSON.parse(text)
  writeFileSync(original, text)
  for (const key of ours) delete manifest[key]
  writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`)
}

function restore(): void {
  if (existsSync(original)) renameSync(original, file)
}
