import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, sep } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { replaceFile } from '../write-file.ts'

/**
 * The files of an empty Postgres, kept in `node_modules/.cache` beside PGlite: to load them takes a fraction of the time
 * that `initdb` takes to make them. A folder that cannot be written keeps nothing, and nothing is lost by it.
 */
interface EmptyFiles {
  /** @returns an uncompressed tar; undefined when there is none, or a broken one */
  read(): Blob | undefined
  /** @param files an uncompressed tar */
  keep(files: Blob): Promise<void>
}

/** Room for one more read, in bytes: without it zlib copies everything once more. */
const spare = 1024

/** @param file where the compressed tar of 5 MB is kept; undefined: nothing is kept */
export function emptyFilesIn(file: string | undefined): EmptyFiles {
  return {
    read() {
      if (file === undefined) return undefined
      try {
        const compressed = readFileSync(file)
        // The format ends with a checksum, so half a file is not taken for a whole one, and with the length (RFC 1952, 2.3.1).
        const chunkSize = spare + compressed.readUInt32LE(compressed.length - 4)
        return new Blob([gunzipSync(compressed, { chunkSize })], { type: 'application/x-tar' })
      } catch {
        return undefined
      }
    },
    async keep(files) {
      if (file === undefined) return
      const compressed = gzipSync(await files.arrayBuffer(), { level: 1 })
      try {
        // In one step: another process may read or keep the same file at this moment.
        replaceFile(file, compressed)
      } catch {
        // The folder cannot be written, or the disk is full.
      }
    },
  }
}

/** Where they are kept: another version of PGlite has other files, and so have other options of initdb. Undefined outside of a `node_modules` folder. */
export function emptyFilesPath(from: string = import.meta.filename): string | undefined {
  try {
    const entry = createRequire(from).resolve('@electric-sql/pglite')
    const { version } = JSON.parse(readFileSync(join(dirname(entry), '..', 'package.json'), 'utf8'))
    const folder = `${sep}node_modules${sep}`
    const at = entry.lastIndexOf(folder)
    if (at < 0) return undefined
    return join(
      entry.slice(0, at + folder.length),
      '.cache',
      'edge-health-check',
      `postgres-${version}-wal1.tar.gz`,
    )
  } catch {
    return undefined
  }
}
