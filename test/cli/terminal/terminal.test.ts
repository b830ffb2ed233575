import { expect, test } from 'vitest'
import { harmless, painter, wantsColours } from '../../../src/cli/terminal/terminal.ts'

const stream = (isTTY: boolean) => ({ isTTY }) as NodeJS.WriteStream

test.each([
  [true, {}, true],
  [true, { TERM: 'xterm-256color' }, true],
  [true, { NO_COLOR: '' }, true],
  [true, { NO_COLOR: '1' }, false],
  [true, { NO_COLOR: '0' }, false],
  [true, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
  [true, { TERM: 'dumb' }, false],
  [false, {}, false],
  [false, { FORCE_COLOR: '1' }, false],
])('terminal: %s, environment: %j, colours: %s', (isTTY, env, colours) => {
  expect(wantsColours(stream(isTTY), env)).toBe(colours)
})

test('what is painted for a pipe is plain', () => {
  expect(painter(stream(false))('red', 'text')).toBe('text')
})

test.each([
  ['two\nlines\r\nand\ttabs', 'two lines and tabs'],
  ['\u001b[31mred\u001b[0m \u001b]0;title\u0007', 'red'],
  ['\u009b31mred', 'red'],
  ['::set-output name=a::b', ': :set-output name=a::b'],
  ['  ::error::x', ': :error::x'],
  ['a ##[set-env name=A]B', 'a ## [set-env name=A]B'],
  ['a\u2028b', 'a b'],
])('%j is printed as %j', (text, printed) => {
  expect(harmless(text)).toBe(printed)
})
