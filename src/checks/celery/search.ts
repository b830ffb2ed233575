/**
 * Finds names in answers that are not JSON (pure): pickle, YAML and msgpack keep strings as they are.
 * @module
 */

/**
 * Is this a whole string of the body? YAML escapes what is not ASCII.
 *
 * @param body one character for each byte; nothing in it is executed
 * @example
 * holdsString('w1@vm:\n- name: celery\n', 'celery') // true
 */
export function holdsString(body: string | undefined, text: string): boolean {
  if (body === undefined) return false
  return [...new Set([bytesOf(text), yamlEscaped(text)])].some((name) => holdsWhole(body, name))
}

/** YAML puts a blank or a quote around a string. Pickle and msgpack put its length before it, and anything after it. */
function holdsWhole(body: string, name: string): boolean {
  const inName = /[\w@.%-]/
  for (let at = body.indexOf(name); at >= 0; at = body.indexOf(name, at + 1)) {
    if (isLengthBefore(body, at, name.length)) return true
    if (!inName.test(body.charAt(at - 1)) && !inName.test(body.charAt(at + name.length))) return true
  }
  return false
}

/**
 * Pickle: BINUNICODE with four bytes, SHORT_BINUNICODE with one (`pickletools`). Msgpack: in the low bits of a fixstr,
 * or str 8 (its specification).
 */
function isLengthBefore(body: string, at: number, length: number): boolean {
  const [opcode, prefix] = [body.charCodeAt(at - 2), body.charCodeAt(at - 1)]
  if (body.slice(at - 5, at) === `X${String.fromCharCode(length % 256, length >> 8)}\0\0`) return true
  if ((opcode === 0x8c || opcode === 0xd9) && prefix === length) return true
  return length < 32 && prefix === 0xa0 + length
}

/** As PyYAML writes a string in double quotes (`Emitter.write_double_quoted`). */
function yamlEscaped(text: string): string {
  const hex = (code: number, digits: number) => code.toString(16).toUpperCase().padStart(digits, '0')
  return [...text]
    .map((character) => {
      const code = character.codePointAt(0) ?? 0
      if (code < 0x80) return character
      if (code < 0x100) return `\\x${hex(code, 2)}`
      return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`
    })
    .join('')
}

/** One character for each byte of the text in UTF-8. */
export function bytesOf(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text))
}
