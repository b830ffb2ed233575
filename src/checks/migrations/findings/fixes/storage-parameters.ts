import type { Fix } from './fix.ts'

/** The actions of ALTER that make one list of options of another. */
export function setAndReset(expected: string, found: string): string[] {
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
