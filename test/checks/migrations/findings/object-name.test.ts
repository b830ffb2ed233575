import { expect, it } from 'vitest'
import { localName, objectName } from '../../../../src/checks/migrations/findings/object-name.ts'

it.each([
  ['public.orders', 'orders'],
  ['orders', 'orders'],
  ['public."a.b"', '"a.b"'],
  ['"a.b"', '"a.b"'],
  ['"my.schema".orders', 'orders'],
  ['"a""b.c".orders', 'orders'],
  ['public."two\nlines"', '"two\nlines"'],
])('%j without its schema is %j', (name, local) => expect(localName(name)).toBe(local))

it.each(['index', 'sequence', 'statistics'] as const)(
  'the name of one of the %s has its own schema',
  (kind) => {
    expect(objectName({ kind, part: 'public.orders', name: 'public.x' })).toBe('public.x')
  },
)

it('the query of a view is called as the view, whatever is in its name', () => {
  expect(objectName({ kind: 'query', part: 'public."my query of today" query', name: '' })).toBe(
    'public."my query of today"',
  )
})
