/** A secret and what it is called in a test's message. */
export interface Planted {
  readonly name: string
  readonly value: string
}

/**
 * Which of the secrets stand in a text: as they are, URL-encoded, escaped as JSON, hexadecimal, or anywhere in
 * something that is base64-encoded.
 *
 * @returns name and encoding of each, never the secret: it would be in the test's log
 */
export function leaksIn(text: string, planted: readonly Planted[]): string[] {
  const lower = text.toLowerCase()
  return planted.flatMap(({ name, value }) =>
    encodings(value).flatMap(([encoding, encoded]) =>
      lower.includes(encoded.toLowerCase()) ? [`${name}, ${encoding}`] : [],
    ),
  )
}

function encodings(value: string): [encoding: string, text: string][] {
  const bytes = Buffer.from(value)
  return [
    ['as it is', value],
    ['URL-encoded', encodeURIComponent(value)],
    ['URL-encoded twice', encodeURIComponent(encodeURIComponent(value))],
    ['escaped', JSON.stringify(value).slice(1, -1)],
    ['hexadecimal', bytes.toString('hex')],
    ...base64Shifts(bytes).flatMap((text): [string, string][] => [
      ['base64', text],
      ['base64url', text.replaceAll('+', '-').replaceAll('/', '_')],
    ]),
  ]
}

/** What is base64-encoded with something before it looks different by where in a group of three bytes it begins. */
function base64Shifts(bytes: Buffer): string[] {
  return [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    // The first characters hold bits of what stands before, the last ones of what stands behind.
    const from = before === 0 ? 0 : before + 1
    const whole = Math.floor(((before + bytes.length) * 8) / 6)
    return text.slice(from, whole)
  })
}
