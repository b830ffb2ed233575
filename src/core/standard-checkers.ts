/** The checks that ship with the product, in the order of the answer. */
export const standardCheckers = ['database', 'migrations', 'celery', 'redis'] as const
