import { expect, it } from 'vitest'
import { shapeOf } from '../../src/config/shape.ts'

it.each([
  ['a\nb c', 'a text with a line break'],
  ['a\rb', 'a text with a line break'],
  ['a b', 'a text with white space in it'],
  ['FTP://me:secret@host', 'a ftp:// URL'],
  ['1ftp://x', 'a text of 8 characters'],
  ['12', 'a number out of range'],
  ['-1', 'a number out of range'],
  ['12.25', 'a number out of range'],
  ['x12', 'a text of 3 characters'],
  ['12x', 'a text of 3 characters'],
  ['1.x', 'a text of 3 characters'],
  ['-', 'a text of 1 character'],
  ['', 'a text of 0 characters'],
])('%j is %s', (value, shape) => expect(shapeOf(value)).toBe(shape))
