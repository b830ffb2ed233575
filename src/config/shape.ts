/** Describes a wrong value without repeating it: the description is logged, and the value may be a secret. */
export function shapeOf(value: string): string {
  if (/[\r\n]/.test(value)) return 'a text with a line break'
  if (/\s/.test(value)) return 'a text with white space in it'
  const scheme = /^([a-z][a-z0-9+.-]{0,19}):\/\//i.exec(value)?.[1]
  if (scheme) return `a ${scheme.toLowerCase()}:// URL`
  if (/^-?\d+(\.\d+)?$/.test(value)) return 'a number out of range'
  return `a text of ${value.length} ${value.length === 1 ? 'character' : 'characters'}`
}
