/** Describes a wrong value without repeating it: the description is logged, and the value may be a secret. */
export function shapeOf(value: string): string {
  if (/[\r\n]/.test(value)) return 'a text with a line break'
  if (/\s/.test(value)) return 'a text with white space in it'
  const scheme = /^([a-z][a-z0-9+.-]{0,19}):\/\//i.exec(value)?.[1]
  if (scheme) return `a ${scheme.toLowerCase()}:// URL${missingIn(value)}`
  if (/^-?\d+(\.\d+)?$/.test(value)) return 'a number out of range'
  return `a text of ${value.length} ${value.length === 1 ? 'character' : 'characters'}`
}

/** The parts that a connection string needs and does not have. */
function missingIn(value: string): string {
  if (!/^postgres(ql)?:/i.test(value) || !URL.canParse(value)) return ''
  const { username, hostname, pathname } = new URL(value)
  const parts = { user: username, host: hostname, database: pathname.slice(1) }
  const missing = Object.entries(parts).flatMap(([name, part]) => (part === '' ? [`no ${name}`] : []))
  return missing.length === 0 ? '' : ` with ${missing.join(' and ')}`
}
