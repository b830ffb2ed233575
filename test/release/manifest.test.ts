import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../compile/folders.ts'

const manifest = readFileSync('package.json', 'utf8')

/** A folder with this repository's package.json, and what rewrites it. */
function folder() {
  const directory = temporaryFolder({ 'package.json': manifest, 'src/release/x': '', 'dist/x': '' })
  const program = join(directory, 'src/release/manifest.ts')
  copyFileSync('src/release/manifest.ts', program)
  const file = join(directory, 'package.json')
  return {
    directory,
    run: (action: string) => execFileSync(process.execPath, [program, action]),
    read: () => readFileSync(file, 'utf8'),
    write: (text: string) => writeFileSync(file, text),
    copyIsThere: () => existsSync(join(directory, 'dist/package.json')),
  }
}

it('is published without what only this repository uses, and restored byte by byte', () => {
  const { run, read } = folder()
  run('publish')
  const { devDependencies, optionalDependencies, scripts, bin } = JSON.parse(read())
  expect({ devDependencies, optionalDependencies, scripts }).toEqual({})
  expect(bin).toEqual({ 'edge-health': 'dist/package/cli/main.js' })
  run('restore')
  expect(read()).toBe(manifest)
})

it('is not lost when a pack that was interrupted is followed by another', () => {
  const { run, read } = folder()
  run('publish')
  run('publish')
  run('restore')
  expect(read()).toBe(manifest)
})

it('is not replaced by the copy of an interrupted pack when it was restored and edited since', () => {
  const { run, read, write, copyIsThere } = folder()
  run('publish')
  const edited = manifest.replace('"version": "', '"version": "9')
  write(edited)
  run('restore')
  expect(read()).toBe(edited)
  expect(copyIsThere()).toBe(false)
})

it('is not sent to the registry as it stands: npm publish refuses, and says what to publish', () => {
  const { directory, read } = folder()
  const { status, stderr } = spawnSync('npm', ['publish', '--dry-run'], { cwd: directory, encoding: 'utf8' })
  expect(status).not.toBe(0)
  expect(stderr).toContain('Publish the tarball: npm pack, then npm publish ./edge-health-check-*.tgz')
  expect(read()).toBe(manifest)
})
