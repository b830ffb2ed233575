/** A name in a statement, quoted or not, as the source of a regular expression. */
export const identifier = '(?:"(?:[^"]|"")+"|[\\w$]+)'
