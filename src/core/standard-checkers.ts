/** The checks that ship with the product, in the order of the answer. */
export const standardCheckers = ['database', 'migrations', 'celery', 'redis'] as const

/** Which of them asks the same server first: its fault, or its configuration, explains that of this check. */
export const asksThrough: Readonly<Record<string, string>> = { migrations: 'database', celery: 'redis' }
