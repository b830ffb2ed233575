import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Kind, readObject, writeObject } from '../../../src/checks/migrations/expected-schema.ts'

it('reads every object as it was written', () => {
  const kind = fc.constantFrom<Kind>('table', 'materialized view', 'row level security')
  // The separator may be in a definition, as in the text of a routine.
  const name = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\u001f', ''))
  const definition = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constant('select \u001f\n\u001f'))
  fc.assert(
    fc.property(fc.record({ kind, name, definition }, { noNullPrototype: true }), (object) => {
      expect(readObject(writeObject(object))).toEqual(object)
    }),
  )
})
