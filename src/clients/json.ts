/** A text as JSON; undefined when it is not JSON, such as the HTML page of a proxy. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
