/** A condition: the schema is not one of Postgres's own. @param name an expression of its name */
export const isUsersSchema = (name: string): string => `${name} !~ '^pg_' and ${name} <> 'information_schema'`
