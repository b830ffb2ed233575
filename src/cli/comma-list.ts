/** The words of an option that may be repeated and may hold several, separated by commas. */
export function commaList(values: readonly string[]): string[] {
  return values
    .flatMap((value) => value.split(','))
    .map((word) => word.trim())
    .filter(Boolean)
}
