import { expect, test } from 'vitest'
import { errorAnnotation } from '../../../src/cli/terminal/annotation.ts'

test('what has a meaning to the runner is escaped, in the title more than in the text', () => {
  expect(errorAnnotation('a: b, c\n100%', 'a: b, c\r\n100%')).toBe(
    '::error title=a%3A b%2C c%0A100%25::a: b, c%0D%0A100%25',
  )
})
