import type { Fix } from './fix.ts'

/** What is set for a table or a view that is there. */

export const tableFix: Fix = ({ difference, part, expected = '', found = '' }) =>
  difference === 'changed' && found === `unlogged ${expected}`.trim()
    ? [`ALTER TABLE ${part} SET LOGGED`]
    : undefined

export const viewFix: Fix = ({ difference, part, expected = '', found = '' }) => {
  if (difference !== 'changed') return undefined
  // ALTER VIEW takes one action at a time.
  const actions = setAndReset(inParentheses(expected), inParentheses(found))
  return actions.map((action) => `ALTER VIEW ${part} ${action}`)
}

const inParentheses = (options: string): string => options.replace(/^with \(|\)$/g, '')

export const materializedViewFix: Fix = ({ difference, part, expected }) =>
  difference === 'changed' && expected === '' ? [`REFRESH MATERIALIZED VIEW ${part}`] : undefined

function setAndReset(expected: string, found: string): string[] {
  const names = (options: string) => options.split(', ').map((option) => option.split('=')[0])
  const extra = found === '' ? [] : names(found).filter((name) => !names(expected).includes(name))
  return [
    ...(expected === '' ? [] : [`SET (${expected})`]),
    ...(extra.length > 0 ? [`RESET (${extra.join(', ')})`] : []),
  ]
}

export const storageParametersFix: Fix = ({ part, partKind, expected = '', found = '' }) => {
  const relation = partKind === 'materialized view' ? 'MATERIALIZED VIEW' : 'TABLE'
  return [`ALTER ${relation} ${part} ${setAndReset(expected, found).join(', ')}`]
}
