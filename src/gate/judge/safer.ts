import { actionsOf } from '../../compile/replay/actions-of.ts'
import { identifier } from '../../compile/replay/identifier-pattern.ts'
import { quoteIdentifier } from '../../compile/replay/quote-identifier.ts'
import { wordsWithPlaces } from '../../compile/replay/split-statements.ts'
import type { Relation } from '../measure/effect.ts'
import { saferForParts } from './safer-for-parts.ts'
import type { JudgedWork } from './works.ts'

/** Another way to the same schema. */
export interface SaferWay {
  readonly advice: string
  /** Each statement in a transaction of its own; the last one may be the original, which then is instant. */
  readonly saferSql?: readonly string[]
}

const table = `(?:only\\s+)?(?:${identifier}\\s*\\.\\s*)?${identifier}`
const alter = `^alter\\s+table\\s+(?:if\\s+exists\\s+)?(?<table>${table})\\s+`

const patterns = {
  table: new RegExp(alter, 'i'),
  setNotNull: new RegExp(
    `${alter}alter\\s+(?:column\\s+)?(?<column>${identifier})\\s+set\\s+not\\s+null$`,
    'i',
  ),
  constraint: new RegExp(
    `${alter}add\\s+constraint\\s+(?<name>${identifier})\\s+(?:check|foreign\\s+key)\\b`,
    'i',
  ),
  key: new RegExp(
    `${alter}add\\s+constraint\\s+(?<name>${identifier})\\s+(?<kind>unique|primary\\s+key)\\s*(?<columns>\\([^()]*\\))$`,
    'i',
  ),
  index: /^create\s+(?<unique>unique\s+)?index\s+(?:if\s+not\s+exists\s+)?/i,
  reindex: /^reindex\s+(?:index|table)\s+/i,
  refresh: /^refresh\s+materialized\s+view\s+/i,
  type: new RegExp(
    `${alter}alter\\s+(?:column\\s+)?(?<column>${identifier})\\s+(?:set\\s+data\\s+)?type\\s+(?<type>.+?)(?:\\s+using\\s+.+)?$`,
    'is',
  ),
  addDefault: new RegExp(
    `${alter}add\\s+(?:column\\s+)?(?<ifNotExists>if\\s+not\\s+exists\\s+)?(?<column>${identifier})\\s+(?<type>[^,]+?)\\s+(?:not\\s+null\\s+)?default\\s+(?<value>[^,]+?)(?:\\s+(?:not\\s+)?null)?$`,
    'is',
  ),
} as const

/** What a new column may have besides its default, and SET DEFAULT may not. */
const moreThanDefault = /\b(?:constraint|generated|references|check|unique|primary)\b/i

/** The safer way, where one is certain. @param text of the statement, as it stands in the file */
export function saferWay({ work, adds, effect: { relation }, step }: JudgedWork): SaferWay | undefined {
  const text = withoutEnds(step.statement.text)
  if (work === 'rows')
    return {
      advice: `${adds ? 'add' : 'change'} the rows in batches, in a script of their own and not in a migration`,
    }
  // What is done to a table is done to its partitions, and another statement has to name the table too.
  const isPart = relation.partitionOf && !wordsWithPlaces(text).some(({ name }) => name === relation.name)
  const ofParts = isPart && saferForParts(text)
  if (ofParts) return ofParts
  const altered = nameIn(text, (isPart && relation.partitionOf) || relation)
  for (const way of ways) {
    const safer = way(text, altered, work)
    // The SQL for one of several would leave the others out, or keep their work.
    if (safer) return actionsOf(text).length > 1 ? { advice: safer.advice } : safer
  }
  return undefined
}

/** From its first word to its last one: what is added behind a comment would be part of the comment. */
function withoutEnds(text: string): string {
  const words = wordsWithPlaces(text)
  const last = words.findLast(({ keyword }) => keyword !== ';')
  return text.slice(words[0]?.start, last?.end)
}

const named = ({ schema, name }: Pick<Relation, 'schema' | 'name'>) =>
  `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`

/** As the statement names it where it has another name by then: it may have been renamed or moved. */
function nameIn(text: string, relation: Pick<Relation, 'schema' | 'name'>): string {
  const words = wordsWithPlaces(patterns.table.exec(text)?.groups?.['table'] ?? '')
  const written = words.flatMap(({ keyword, name }) => (keyword === 'only' ? [] : (name ?? [])))
  const [name = relation.name, schema = relation.schema] = written.toReversed()
  if (name === relation.name && schema === relation.schema) return named(relation)
  return written.map(quoteIdentifier).join('.')
}

const unquoted = (name: string) => (name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name)

type Way = (text: string, relation: string, work: JudgedWork['work']) => SaferWay | undefined

const ways: readonly Way[] = [
  (text, relation) => {
    const { column } = patterns.setNotNull.exec(text)?.groups ?? {}
    if (column === undefined) return undefined
    const name = quoteIdentifier(`${unquoted(column)}_is_not_null`)
    return {
      advice:
        'in an earlier deploy: add a CHECK that is NOT VALID, and validate it; SET NOT NULL is then instant',
      saferSql: [
        `ALTER TABLE ${relation} ADD CONSTRAINT ${name} CHECK (${column} IS NOT NULL) NOT VALID`,
        `ALTER TABLE ${relation} VALIDATE CONSTRAINT ${name}`,
        text,
      ],
    }
  },
  (text, relation) => {
    const { name } = patterns.constraint.exec(text)?.groups ?? {}
    if (name === undefined || /\bnot\s+valid$/i.test(text)) return undefined
    return {
      advice: 'add it as NOT VALID, and validate it in a later deploy',
      saferSql: [`${text} NOT VALID`, `ALTER TABLE ${relation} VALIDATE CONSTRAINT ${name}`],
    }
  },
  (text, relation) => {
    const { name, kind = '', columns } = patterns.key.exec(text)?.groups ?? {}
    if (name === undefined) return undefined
    return {
      advice: 'build the index with CONCURRENTLY before the deploy, and let the constraint use it',
      saferSql: [
        `CREATE UNIQUE INDEX CONCURRENTLY ${name} ON ${relation} ${columns}`,
        `ALTER TABLE ${relation} ADD CONSTRAINT ${name} ${kind.toUpperCase()} USING INDEX ${name}`,
      ],
    }
  },
  (text) => {
    const match = patterns.index.exec(text)
    const rest = text.slice(match?.[0].length)
    if (!match || /^concurrently\b/i.test(rest)) return undefined
    const create = `CREATE ${match.groups?.['unique'] ? 'UNIQUE ' : ''}INDEX`
    const advice = 'build it with CONCURRENTLY before the deploy, outside of a migration'
    return /^on\s/i.test(rest)
      ? {
          advice: `${advice}, and give it a name: without one the migration builds it again`,
          saferSql: [`${create} CONCURRENTLY ${rest}`],
        }
      : {
          advice: `${advice}, and write IF NOT EXISTS into the migration`,
          saferSql: [`${create} CONCURRENTLY IF NOT EXISTS ${rest}`, `${create} IF NOT EXISTS ${rest}`],
        }
  },
  (text) =>
    patterns.reindex.test(text) && !/\bconcurrently\b/i.test(text)
      ? {
          advice: 'reindex with CONCURRENTLY, outside of a migration',
          saferSql: [text.replace(patterns.reindex, (match) => `${match.trim()} CONCURRENTLY `)],
        }
      : undefined,
  (text) =>
    patterns.refresh.test(text) && !/\bconcurrently\b/i.test(text)
      ? { advice: 'refresh it with CONCURRENTLY, which needs a unique index, outside of a migration' }
      : undefined,
  (text, relation, work) => {
    const { column, type } = patterns.type.exec(text)?.groups ?? {}
    if (column === undefined || work !== 'rewrite') return undefined
    const name = quoteIdentifier(`${unquoted(column)}_new`)
    return {
      advice:
        'leave it out of this deploy, and change the type online: add a new column, write both, copy in batches, read the new one, drop the old one later',
      saferSql: [`ALTER TABLE ${relation} ADD COLUMN ${name} ${type}`],
    }
  },
  (text, relation, work) => {
    const { ifNotExists, column, type, value } = patterns.addDefault.exec(text)?.groups ?? {}
    // A default that calls nothing rewrites nothing: then its type does, and would without it.
    if (!value?.includes('(') || work !== 'rewrite' || moreThanDefault.test(text)) return undefined
    const last = /\bnot\s+null\b/i.test(text) ? '; make it NOT NULL in a later deploy' : ''
    return {
      advice: `add the column without its default, set the default for new rows, and fill the old rows in batches${last}`,
      saferSql: [
        `ALTER TABLE ${relation} ADD COLUMN ${ifNotExists ? 'IF NOT EXISTS ' : ''}${column} ${type}`,
        `ALTER TABLE ${relation} ALTER COLUMN ${column} SET DEFAULT ${value}`,
      ],
    }
  },
]
