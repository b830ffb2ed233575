const split = (definition: string): string[] => definition.split(' owned by ')

/** The definition without its owner. */
export const optionsOf = (definition: string): string => split(definition)[0] ?? ''

/** The column that the sequence belongs to, with its table; undefined when it belongs to none. */
export const ownerOf = (definition = ''): string | undefined => split(definition)[1]
