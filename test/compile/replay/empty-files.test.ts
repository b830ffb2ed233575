import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { emptyFilesIn, emptyFilesPath } from '../../../src/compile/replay/empty-files.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'empty-files-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const textOf = async (files: Blob | undefined) => files && Buffer.from(await files.arrayBuffer()).toString()

it('keeps what was made, for the next process', async () => {
  const path = join(folder, 'new folder', 'files.tar.gz')
  expect(emptyFilesIn(path).read()).toBeUndefined()
  await emptyFilesIn(path).keep(new Blob(['a tar']))
  expect(await textOf(emptyFilesIn(path).read())).toBe('a tar')
  expect(readdirSync(join(folder, 'new folder'))).toEqual(['files.tar.gz'])
})

it('takes half a file for none, and replaces it', async () => {
  const path = join(folder, 'files.tar.gz')
  await emptyFilesIn(path).keep(new Blob(['a tar'.repeat(1000)]))
  truncateSync(path, 40)
  expect(emptyFilesIn(path).read()).toBeUndefined()
  await emptyFilesIn(path).keep(new Blob(['a tar']))
  expect(await textOf(emptyFilesIn(path).read())).toBe('a tar')
})

it('keeps nothing where nothing can be written, and does not fail', async () => {
  writeFileSync(join(folder, 'a file'), '')
  const path = join(folder, 'a file', 'files.tar.gz')
  await emptyFilesIn(path).keep(new Blob(['a tar']))
  expect(emptyFilesIn(path).read()).toBeUndefined()
  expect(readdirSync(folder)).toEqual(['a file'])
  await emptyFilesIn(undefined).keep(new Blob(['a tar']))
  expect(emptyFilesIn(undefined).read()).toBeUndefined()
})

it('lies beside PGlite, under its version', () => {
  expect(emptyFilesPath()).toMatch(
    /node_modules\/\.cache\/edge-health-check\/postgres-\d+\.\d+\.\d+-wal1\.tar\.gz$/,
  )
  expect(emptyFilesPath(join(folder, 'no project.js'))).toBeUndefined()
})

it('holds a Postgres that starts and is empty', async () => {
  const path = join(folder, 'files.tar.gz')
  const first = await PGlite.create()
  await emptyFilesIn(path).keep(await first.dumpDataDir('none'))
  await first.close()
  const files = emptyFilesIn(path).read()
  if (!files) throw new Error('nothing was kept')
  const second = await PGlite.create({ loadDataDir: files })
  const { rows } = await second.query(`select count(*)::int as made from pg_class where oid >= 16384`)
  await second.close()
  expect(rows).toEqual([{ made: 0 }])
})
