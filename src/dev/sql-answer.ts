import pg from 'pg'
import type { PostgresFault, SqlAnswer } from './sql-backend.ts'

/** How the rows are written. */
interface RowFormat {
  readonly rawText: boolean
  readonly arrayMode: boolean
}

/** One statement's answer in the shape of SQL over HTTP (`query_to_json` in proxy/src/serverless/sql_over_http.rs). */
export function sqlAnswerBody(answer: SqlAnswer, { rawText, arrayMode }: RowFormat): unknown {
  const types = answer.fields.map(({ dataTypeID }) => dataTypeID)
  const value = (text: string | null, column: number) =>
    rawText || text === null ? text : jsonValue(text, types[column] ?? 0)
  return {
    rowAsArray: arrayMode,
    fields: answer.fields.map((field) => ({ ...field, format: 'text' })),
    rows: answer.rows.map((row) =>
      arrayMode
        ? row.map(value)
        : Object.fromEntries(
            answer.fields.map(({ name }, column) => [name, value(row[column] ?? null, column)]),
          ),
    ),
    command: answer.command,
    rowCount: answer.rowCount,
  }
}

/** An error in the shape of SQL over HTTP: every field is there, null where Postgres said nothing. */
export function sqlErrorBody(fault: PostgresFault): Record<string, string | null> {
  return {
    message: fault.message,
    code: fault.code ?? '',
    detail: fault.detail ?? null,
    hint: fault.hint ?? null,
    position: fault.position ?? null,
    internalPosition: fault.internalPosition ?? null,
    internalQuery: fault.internalQuery ?? null,
    severity: fault.severity ?? '',
    where: fault.where ?? null,
    table: fault.table ?? null,
    column: fault.column ?? null,
    schema: fault.schema ?? null,
    dataType: fault.dataType ?? null,
    constraint: fault.constraint ?? null,
    file: fault.file ?? null,
    line: fault.line ?? null,
    routine: fault.routine ?? null,
  }
}

/** @types/pg has an older shape of it. */
const arrayParser = pg.types.arrayParser as unknown as {
  create(text: string, transform: (item: string | null) => unknown): { parse(): unknown[] }
}

/**
 * Array types of pg_type.dat and their elements. Neon makes a list of every array; an array of a type that is not named
 * here stays text, which only a caller who does not ask for raw text would see.
 */
const elementTypes: Readonly<Record<number, number>> = {
  199: 114, // json[]
  1000: 16, // bool[]
  1005: 21, // int2[]
  1007: 23, // int4[]
  1009: 25, // text[]
  1015: 1043, // varchar[]
  1016: 20, // int8[]
  1021: 700, // float4[]
  1022: 701, // float8[]
  1231: 1700, // numeric[]
  2951: 2950, // uuid[]
  3807: 3802, // jsonb[]
}

/**
 * A value as JSON, where the caller did not ask for raw text (`pg_text_to_json` in proxy/src/serverless/json.rs).
 * Numbers that JavaScript would round stay text, as do NaN and the infinities.
 */
function jsonValue(text: string, type: number): unknown {
  const element = elementTypes[type]
  if (element !== undefined) {
    return arrayParser.create(text, (item) => (item === null ? null : jsonValue(item, element))).parse()
  }
  switch (type) {
    case 16:
      return text === 't'
    case 21:
    case 23:
      return Number(text)
    case 700:
    case 701:
      return Number.isFinite(Number(text)) ? Number(text) : text
    case 114:
    case 3802:
      return JSON.parse(text)
    default:
      return text
  }
}
