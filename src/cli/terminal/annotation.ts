/**
 * An annotation of GitHub Actions: one line that the runner shows on the run's page, and at the file where one is named.
 * Escapes as actions/toolkit packages/core/src/command.ts does.
 */
export function annotation(kind: 'error' | 'warning', title: string, message: string, file?: string): string {
  const at = file === undefined ? '' : `file=${escapeProperty(file)},`
  return `::${kind} ${at}title=${escapeProperty(title)}::${escapeData(message)}`
}

export const errorAnnotation = (title: string, message: string): string => annotation('error', title, message)

const escapeData = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')

const escapeProperty = (text: string): string =>
  escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
