import { expect, test } from 'vitest'
import { renderTable } from '../../../src/cli/terminal/table.ts'
import type { Paint } from '../../../src/cli/terminal/terminal.ts'

const plain: Paint = (_format, text) => text

const result = (checker: string, more: object = {}) => ({
  checker,
  output: `${checker} ok`,
  passed: true,
  status: 'pass' as const,
  code: 'ok',
  timestamp: 1,
  response_time: 0.0124,
  ...more,
})

test('the table has one line for each check, with the code of what is not ok, and findings below', () => {
  const lines = renderTable(
    [
      result('database'),
      result('migrations', {
        output: '2 differences from the migrations',
        passed: false,
        status: 'fail',
        code: 'drift',
        response_time: 1.234,
        details: {
          findings: [
            {
              severity: 'fail',
              object: 'public.orders.total',
              kind: 'column',
              difference: 'changed',
              expected: 'numeric',
              found: 'text',
            },
            { severity: 'warn', object: 'public.extra', kind: 'table', difference: 'extra' },
          ],
          pending: ['0007_add_seats', '0008_fees'],
          unverified: [],
          compared: { tables: 20 },
        },
      }),
      result('redis', { status: 'warn', code: 'slow', output: 'redis is slow' }),
    ],
    plain,
  )
  expect(lines.join('\n')).toBe(`check       status  time   result
database    pass    12 ms  database ok
migrations  fail    1.2 s  2 differences from the migrations (drift)
    findings:
      fail  public.orders.total  column  changed
        expected: numeric
        found: text
      warn  public.extra  table  extra
    pending:
      0007_add_seats
      0008_fees
    compared: {"tables":20}
redis       warn    12 ms  redis is slow (slow)`)
})

test('a result without a status shows whether it passed', () => {
  const { status: _status, code: _code, ...seed } = result('celery', { passed: false, output: 'no workers' })
  expect(renderTable([seed], plain)[1]).toMatch(/^celery {2}fail .* no workers$/)
})

test('nothing that a deployment writes drives the terminal or breaks the lines', () => {
  const nasty = '\u001b[2J\u0007\r\n::error::x'
  const lines = renderTable(
    [
      result(`a${nasty}`, {
        output: nasty,
        code: nasty,
        details: { [nasty]: nasty, list: [nasty], findings: [{ object: nasty, [nasty]: nasty }] },
      }),
    ],
    plain,
  )
  for (const line of lines) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/)
    expect(line).not.toMatch(/^\s*::/)
  }
})
