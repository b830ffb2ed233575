import type { LockRow, RelationRow } from './queries.ts'

/** What changed about the files of one relation since it was looked at before. */
export interface FileChanges {
  readonly hasNewFile: boolean
  readonly dropped: boolean
  readonly scanned: boolean
  /** How many of its indexes have a file that no index had before. */
  readonly newIndexFiles: number
}

/** Remembers files and scan counters from statement to statement. */
export interface KnownFiles {
  take(rows: readonly RelationRow[]): void
  compare(row: LockRow): FileChanges
}

export function createKnownFiles(): KnownFiles {
  const files = new Map<string, string | null>()
  const scans = new Map<string, number>()
  const ofIndexes = new Set<string>()
  return {
    take(rows) {
      for (const { oid, kind, filenode, scans: count } of rows) {
        files.set(oid, filenode)
        scans.set(oid, count)
        if (kind === 'i' && filenode !== null) ofIndexes.add(filenode)
      }
    },
    compare({ oid, exists, filenode, scans: count, indexFiles }) {
      const changes: FileChanges = {
        hasNewFile: exists && filenode !== files.get(oid),
        dropped: !exists && files.has(oid),
        // REINDEX CONCURRENTLY lets the counter fall.
        scanned: count > (scans.get(oid) ?? 0),
        newIndexFiles: indexFiles.filter((file) => !ofIndexes.has(file)).length,
      }
      if (exists) files.set(oid, filenode)
      else files.delete(oid)
      scans.set(oid, count)
      for (const file of indexFiles) ofIndexes.add(file)
      return changes
    },
  }
}
