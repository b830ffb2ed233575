/** A text as a literal of SQL. */
export const quoteLiteral = (text: string): string => `'${text.replaceAll("'", "''")}'`
