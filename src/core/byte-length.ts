/** The length of a text in UTF-8, in bytes. */
export const byteLength = (text: string): number => new TextEncoder().encode(text).byteLength
