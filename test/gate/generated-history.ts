/** A history as teams write them, made by chance from a seed: the same seed makes the same history. */
export function generatedHistory(seed: number, files = 12): string[] {
  const random = createRandom(seed)
  const pick = <T>(values: readonly T[]): T | undefined => values[Math.floor(random() * values.length)]
  const tables: { name: string; columns: string[] }[] = []
  let count = 0
  const makers: readonly (() => string | undefined)[] = [
    () => {
      const name = `table_${count++}`
      const columns = ['a', 'b', 'c']
      tables.push({ name, columns })
      return `CREATE TABLE "${name}" ("id" serial PRIMARY KEY, ${columns.map((column) => `"${column}" text`).join(', ')})`
    },
    () =>
      onTable(({ name, columns }) => {
        const column = `c${count++}`
        columns.push(column)
        return `ALTER TABLE "${name}" ADD COLUMN "${column}" ${pick(['text', 'integer', `text DEFAULT 'x' NOT NULL`, 'uuid DEFAULT gen_random_uuid()', 'timestamp DEFAULT now()'])}`
      }),
    () => onColumn((table, column) => `CREATE INDEX "i${count++}" ON "${table}" USING btree ("${column}")`),
    () =>
      onColumn(
        (table, column) => `ALTER TABLE "${table}" ADD CONSTRAINT "u${count++}" UNIQUE("${column}", "id")`,
      ),
    () => onColumn((table, column) => `UPDATE "${table}" SET "${column}" = "${column}"`),
    () => onColumn((table, column) => `ALTER TABLE "${table}" ALTER COLUMN "${column}" SET NOT NULL`),
    () => onColumn((table, column) => `ALTER TABLE "${table}" ALTER COLUMN "${column}" SET DATA TYPE text`),
    () =>
      onTable(({ name, columns }) => {
        const column = columns.pop()
        return column && `ALTER TABLE "${name}" DROP COLUMN "${column}"`
      }),
    () =>
      onTable(({ name }) => {
        const other = pick(tables)
        return (
          other && `ALTER TABLE "${name}" ADD COLUMN "r${count++}" integer REFERENCES "${other.name}"("id")`
        )
      }),
    () => {
      const at = Math.floor(random() * tables.length)
      const [table] = tables.length > 3 ? tables.splice(at, 1) : []
      return table && `DROP TABLE "${table.name}" CASCADE`
    },
    () =>
      `DO $$ BEGIN CREATE TYPE "e${count++}" AS ENUM('x'); EXCEPTION WHEN duplicate_object THEN null; END $$`,
  ]
  function onTable(make: (table: { name: string; columns: string[] }) => string | undefined) {
    const table = pick(tables)
    return table && make(table)
  }
  function onColumn(make: (table: string, column: string) => string) {
    return onTable(({ name, columns }) => {
      const column = pick(columns)
      return column && make(name, column)
    })
  }
  return Array.from({ length: files }, () =>
    Array.from({ length: 1 + Math.floor(random() * 6) }, () => pick(makers)?.())
      .filter((statement) => statement !== undefined)
      .join(';\n--> statement-breakpoint\n'),
  )
}

/** Mulberry32: small, and the same on every machine. */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
