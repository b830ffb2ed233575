/** What a caller of the compile may say; paths are relative to `workingDirectory`. */
export interface CompileOptions {
  /** [workingDirectory=process.cwd()] */
  readonly workingDirectory?: string | undefined
  /** Folder of the migrations; the config is then not read unless it is named too. */
  readonly migrations?: string | undefined
  /** drizzle.config file. [config=DRIZZLE_CONFIG, else the one in the working directory] */
  readonly config?: string | undefined
  /** `schema.table` of Drizzle's ledger. [ledger=drizzle.__drizzle_migrations] */
  readonly ledger?: string | undefined
  /** Files, directories or patterns of the models. */
  readonly models?: readonly string[] | undefined
  readonly casing?: string | undefined
  /** Schemas that are compared. [schemas=public and those that the migrations make] */
  readonly schemas?: readonly string[] | undefined
  /** Regular expression, case-insensitive: a statement that it matches is not replayed. */
  readonly skip?: string | undefined
  /** Oldest Postgres that will be asked, major version: what cannot be compared there is warned of. */
  readonly minServer?: number | undefined
  readonly preset?: string | undefined
  /** File of SQL that is run before the migrations, such as a schema-only dump. */
  readonly prelude?: string | undefined
  /** Whether the live database has to have what the prelude makes. [preludeExpected=false] */
  readonly preludeExpected?: boolean | undefined
  /** Compare partitions too; they are often named after the day, and then differ from day to day. */
  readonly includePartitions?: boolean | undefined
  /** What differs between environments and is therefore compared only when asked for: `comment`, `grant`, … */
  readonly compare?: readonly string[] | undefined
  /** Patterns of objects whose differences are left out: `public.hdb_*`, `trigger:public.orders.notify_*`. */
  readonly ignore?: readonly string[] | undefined
  /** [output=.edge-health/expected.json] */
  readonly output?: string | undefined
  /** Compile even when nothing has changed. */
  readonly force?: boolean | undefined
  /** Called with what is going on, one short line at a time. */
  readonly onProgress?: ((step: string) => void) | undefined
}

/** Where the expected schema is written: not below src/, which `wrangler dev` watches (wrangler, build.watch_dir). */
export const defaultOutput = '.edge-health/expected.json'
