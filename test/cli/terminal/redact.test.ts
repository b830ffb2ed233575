import { expect, test } from 'vitest'
import { redact } from '../../../src/cli/terminal/redact.ts'

const secret = 'health="4f2a91c7"'

test('a secret is removed as it stands and as JSON writes it, every time', () => {
  expect(redact(`${secret} and ${secret}`, [secret])).toBe('[redacted] and [redacted]')
  expect(redact(JSON.stringify({ echo: secret }), [secret])).toBe('{"echo":"[redacted]"}')
})
