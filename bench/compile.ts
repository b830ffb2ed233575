import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compileExpectedSchema } from '../src/compile/compile.ts'
import { runBench } from './support/bench.ts'
import { atMost, type Figure } from './support/figure.ts'

/** How long a compile of 300 migrations may take, in milliseconds. */
const bound = 10_000
/** The same when nothing has changed: wrangler runs the command more than once. */
const unchangedBound = 1000

/** A folder of 300 migrations as they are in large projects: 1500 statements, 100 tables, columns added one by one. */
function writeFolder(directory: string): void {
  mkdirSync(join(directory, 'meta'), { recursive: true })
  const entries = Array.from({ length: 300 }, (_, idx) => {
    const tag = `${String(idx).padStart(4, '0')}_step`
    const table = `table_${idx % 100}`
    const statements =
      idx < 100
        ? [
            `create table ${table} (id bigint primary key generated always as identity, name varchar(80) not null, parent bigint)`,
            `create index ${table}_name on ${table} (lower(name))`,
            `alter table ${table} add constraint ${table}_kind check (name in ('a', 'b') or name like 'c%')`,
            `alter table ${table} add foreign key (parent) references table_${Math.max(0, (idx % 100) - 1)} (id)`,
            `create unique index ${table}_once on ${table} (name, parent) where parent is not null`,
          ]
        : Array.from({ length: 5 }, (_, i) => `alter table ${table} add column c${idx}_${i} text default 'x'`)
    writeFileSync(join(directory, `${tag}.sql`), statements.join(';\n--> statement-breakpoint\n'))
    return { idx, version: '7', when: 1_700_000_000_000 + idx, tag, breakpoints: true }
  })
  writeFileSync(
    join(directory, 'meta/_journal.json'),
    JSON.stringify({ version: '7', dialect: 'postgresql', entries }),
  )
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

const inSeconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`

async function measureCompile(): Promise<readonly Figure[]> {
  const directory = mkdtempSync(join(tmpdir(), 'health-bench-'))
  try {
    writeFolder(join(directory, 'migrations'))
    const compile = () => compileExpectedSchema({ workingDirectory: directory, migrations: 'migrations' })
    return [
      atMost(
        'compile of 300 migrations, 1500 statements, 100 tables',
        await timed(compile),
        bound,
        inSeconds,
      ),
      atMost('the same again, nothing changed', await timed(compile), unchangedBound, inSeconds),
    ]
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

await runBench(import.meta.url, 'Compile', measureCompile)
