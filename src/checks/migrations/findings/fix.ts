import type { Difference } from '../comparison/diff-catalog.ts'
import type { Kind } from '../expected-schema.ts'

/**
 * The statement that fixes a difference, where it is certain: it neither drops data nor guesses what somebody
 * meant, and it says the same as the migrations. Written for a person to read before it is run.
 */
export function fixOf(difference: Difference): string | undefined {
  return fixes[difference.kind]?.(difference)
}

type Fix = (difference: Difference) => string | undefined

const fixes: { readonly [kind in Kind]?: Fix } = {
  schema: ({ difference, name }) => (difference === 'missing' ? `CREATE SCHEMA ${name}` : undefined),
  extension: ({ difference, name, expected }) =>
    difference === 'missing' ? `CREATE EXTENSION ${name} ${expected}` : undefined,
  enum: enumFix,
  sequence: sequenceFix,
  column: columnFix,
  constraint: constraintFix,
  'disabled foreign key': ({ difference, part }) =>
    difference === 'extra' ? `ALTER TABLE ${part} ENABLE TRIGGER ALL` : undefined,
  index: indexFix,
  policy: recreated(
    ({ part, name, expected }) => `CREATE POLICY ${name} ON ${part} ${expected}`,
    ({ part, name }) => `DROP POLICY ${name} ON ${part}`,
  ),
  'row level security': rowLevelSecurityFix,
  rule: recreated(statedByPostgres, ({ part, name }) => `DROP RULE ${name} ON ${part}`),
  statistics: recreated(statedByPostgres, ({ name }) => `DROP STATISTICS ${name}`),
  trigger: triggerFix,
  routine: ({ difference, expected }) =>
    difference === 'changed' && expected?.startsWith('CREATE OR REPLACE') ? expected.trim() : undefined,
  'storage parameters': storageParametersFix,
}

function statedByPostgres({ expected = '' }: Difference): string | undefined {
  // A mark of ours is not SQL.
  return / \[[a-z ]+\]$/.test(expected) ? undefined : expected.replace(/;$/, '')
}

/** For what holds no data: made when missing, dropped when extra, both when changed. */
function recreated(create: Fix, drop: Fix): Fix {
  return (difference) => {
    const made = difference.difference === 'extra' ? '' : create(difference)
    if (made === undefined) return undefined
    return [difference.difference === 'missing' ? '' : drop(difference), made].filter(Boolean).join('; ')
  }
}

/** Values can be added and renamed; another order cannot be had without making the type anew. */
function enumFix({ name, expected = '', found }: Difference): string | undefined {
  if (found === undefined) return undefined
  const labels = (list: string): string[] => list.match(/'(?:[^']|'')*'/g) ?? []
  const [want, have] = [labels(expected), labels(found)]
  const different = have.flatMap((label, i) => (label === want[i] ? [] : [i]))
  if (different.length === 0) {
    return (
      want
        .slice(have.length)
        .map((label) => `ALTER TYPE ${name} ADD VALUE ${label}`)
        .join('; ') || undefined
    )
  }
  const [index = 0] = different
  const renamed = want.length === have.length && different.length === 1 && !have.includes(want[index] ?? '')
  return renamed ? `ALTER TYPE ${name} RENAME VALUE ${have[index]} TO ${want[index]}` : undefined
}

function sequenceFix({ difference, part, name, expected = '', found = '' }: Difference): string | undefined {
  if (difference === 'extra') return undefined
  // One that a column owns is made by the column.
  if (difference === 'missing' && part !== '') return undefined
  if (difference === 'missing') return `CREATE SEQUENCE ${name} ${expected}`
  const [options = ''] = expected.split(' owned by ')
  // It differs in its owner, and who that was meant to be is in another table's part.
  if (found.split(' owned by ')[0] === options) return undefined
  return `ALTER SEQUENCE ${name} ${options}${options.endsWith(' cycle') ? '' : ' no cycle'}`
}

/** The last words of a column's definition; the type before them may be of several words. */
const columnShape = /^(?<type>.*?)(?: default (?<default>.*?))?(?<required> not null)?$/s

function columnFix({
  difference,
  part,
  partKind,
  name,
  expected = '',
  found = '',
}: Difference): string | undefined {
  if (partKind !== 'table') return undefined
  const want = columnShape.exec(expected)?.groups
  const have = columnShape.exec(found)?.groups
  if (difference === 'extra') {
    return have?.['required'] && have['default'] === undefined && !/ generated /.test(found)
      ? `ALTER TABLE ${part} ALTER COLUMN ${name} DROP NOT NULL`
      : undefined
  }
  if (difference === 'missing') {
    // On a table that has rows, a required column needs a value that only its owner knows.
    const fillsItself = !want?.['required'] || want['default'] !== undefined || / generated /.test(expected)
    return fillsItself ? `ALTER TABLE ${part} ADD COLUMN ${name} ${expected}` : undefined
  }
  if (!want || !have || want['type'] !== have['type'] || / generated /.test(expected)) return undefined
  const actions: string[] = []
  if (want['default'] !== have['default'])
    actions.push(want['default'] === undefined ? 'DROP DEFAULT' : `SET DEFAULT ${want['default']}`)
  if (want['required'] !== have['required']) actions.push(want['required'] ? 'SET NOT NULL' : 'DROP NOT NULL')
  return `ALTER TABLE ${part} ${actions.map((action) => `ALTER COLUMN ${name} ${action}`).join(', ')}`
}

function constraintFix({
  difference,
  part,
  name,
  expected = '',
  found = '',
}: Difference): string | undefined {
  if (found === `${expected} NOT VALID`) return `ALTER TABLE ${part} VALIDATE CONSTRAINT ${name}`
  const add = `ADD CONSTRAINT ${name} ${expected}`
  const drop = `DROP CONSTRAINT ${name}`
  if (difference === 'missing') return `ALTER TABLE ${part} ${add}`
  if (difference === 'extra') return `ALTER TABLE ${part} ${drop}`
  // Foreign keys may hang on the others.
  return /^(CHECK|FOREIGN KEY)/.test(found) ? `ALTER TABLE ${part} ${drop}, ${add}` : undefined
}

function indexFix(difference: Difference): string | undefined {
  const { name, expected, found } = difference
  if (found === `${expected} [invalid]`) return `REINDEX INDEX ${name}`
  return recreated(statedByPostgres, () => `DROP INDEX ${name}`)(difference)
}

function triggerFix(difference: Difference): string | undefined {
  const { part, name, expected, found } = difference
  if (found === `${expected} [disabled]`) return `ALTER TABLE ${part} ENABLE TRIGGER ${name}`
  return recreated(statedByPostgres, () => `DROP TRIGGER ${name} ON ${part}`)(difference)
}

function rowLevelSecurityFix({ part, expected = '' }: Difference): string {
  const enable = expected.startsWith('enabled') ? 'ENABLE' : 'DISABLE'
  const force = expected.startsWith('forced') || expected.endsWith('forced') ? 'FORCE' : 'NO FORCE'
  return `ALTER TABLE ${part} ${enable} ROW LEVEL SECURITY, ${force} ROW LEVEL SECURITY`
}

function storageParametersFix({
  difference,
  part,
  partKind,
  expected = '',
  found = '',
}: Difference): string | undefined {
  const relation = partKind === 'materialized view' ? 'MATERIALIZED VIEW' : 'TABLE'
  const names = (options: string) => options.split(', ').map((option) => option.split('=')[0])
  const extra = found === '' ? [] : names(found).filter((name) => !names(expected).includes(name))
  const actions = [
    ...(difference === 'extra' ? [] : [`SET (${expected})`]),
    ...(extra.length > 0 ? [`RESET (${extra.join(', ')})`] : []),
  ]
  return `ALTER ${relation} ${part} ${actions.join(', ')}`
}
