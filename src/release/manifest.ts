/**
 * `npm pack` ships package.json as it stands, and whoever installs the package gets its optional dependencies: here
 * those are the Postgres servers of the tests. So it is packed without them (`publish`, npm's prepack) and put back
 * afterwards (`restore`, npm's postpack). A pack that is interrupted leaves it without its scripts, for npm to run:
 * then `restore` is typed. `npm publish` of the folder would read package.json once more after postpack, and send that
 * to the registry: so it is refused (prepublishOnly), and the tarball is what is published.
 */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'

const file = new URL('../../package.json', import.meta.url)
const original = new URL('../../dist/package.json', import.meta.url)

/** What only this repository uses. npm needs none of it to install or run the package. */
const ours = ['scripts', 'devDependencies', 'optionalDependencies', 'overrides', 'allowScripts']

const [action] = process.argv.slice(2)
if (action === 'publish') publish()
else if (action === 'restore') restore()
else throw new Error('usage: node src/release/manifest.ts publish|restore')

function publish(): void {
  restore()
  const text = readFileSync(file, 'utf8')
  writeFileSync(original, text)
  writeFileSync(file, published(text))
}

function published(text: string): string {
  const manifest: Record<string, unknown> = JSON.parse(text)
  for (const key of ours) delete manifest[key]
  return `${JSON.stringify(manifest, null, 2)}\n`
}

function restore(): void {
  if (!existsSync(original)) return
  const text = readFileSync(original, 'utf8')
  // Of a pack whose package.json somebody has restored since, and perhaps edited.
  if (readFileSync(file, 'utf8') !== published(text)) rmSync(original)
  else renameSync(original, file)
}
