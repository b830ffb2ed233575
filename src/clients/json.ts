/** A text as JSON, or undefined: an HTML page of a proxy is no reason to throw a parser's error. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
