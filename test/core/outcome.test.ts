import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { CheckError, celeryCodes, type FaultCode, faultCodes, migrationsCodes } from '../../src/core/check.ts'
import { toFault, toOutcome } from '../../src/core/outcome.ts'

const schema = JSON.parse(readFileSync('docs/answer.schema.json', 'utf8'))
const { output, code, details, status } = schema.properties.results.items.properties
const ajv = new Ajv()
const isPublic = ajv.compile({
  type: 'object',
  properties: { output, code, status },
  required: ['output', 'code', 'status'],
})
const allowsCode = ajv.compile(code)
const allowsOutput = ajv.compile(output)

const pass = { status: 'pass', code: 'ok', output: 'payments ok' }

/** Texts as checks have them, with what has gone wrong in one. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc
    .array(
      fc.constantFrom(
        'success',
        'FAILURE',
        'CheckError',
        '\n',
        '\u0085',
        '€',
        '\ud800',
        'ok',
        ' ',
        'x'.repeat(99),
      ),
    )
    .map((words) => words.join('')),
)

describe('what a check returned', () => {
  it('is an outcome that the schema of the answer allows, or is refused', () => {
    const codes = fc.oneof(
      fc.constantFrom('http_503', 'Ok', 'a'.repeat(41), ''),
      text,
      fc.stringMatching(/^[a-z0-9_]+$/),
    )
    const statuses = fc.constantFrom('pass', 'warn', 'fail', 'fine', 'constructor')
    fc.assert(
      fc.property(statuses, codes, text, (status, code, output) => {
        const expected = ['pass', 'warn', 'fail'].includes(status) && allowsCode(code)
        let outcome: unknown
        try {
          outcome = toOutcome('payments', { status, code, output })
        } catch (error) {
          expect(error).toMatchObject({ name: 'CheckError', code: 'error' })
        }
        expect(outcome !== undefined).toBe(expected)
        if (outcome !== undefined) expect(isPublic(outcome), JSON.stringify(isPublic.errors)).toBe(true)
      }),
    )
  })

  it.each(['payments ok', 'no failing payment', 'x'.repeat(200)])(
    'keeps %j, which the schema allows',
    (line) => {
      expect(allowsOutput(line)).toBe(true)
      expect(toOutcome('payments', { ...pass, output: line })).toEqual({ ...pass, output: line })
    },
  )

  it.each([
    ['a word that monitors search for', 'payments SUCCESS'],
    ['the other one', '3 Failures'],
    ['nothing', ''],
    ['nothing but a line end', ' \n'],
  ])('has a sentence of ours in the place of an output with %s, and its own status', (_, output) => {
    expect(allowsOutput(output)).toBe(false)
    const said = (status: string) => toOutcome('payments', { ...pass, status, output })
    expect(said('pass')).toEqual({ ...pass, output: 'payments ok' })
    expect(said('warn')).toMatchObject({ status: 'warn', output: 'payments warns' })
    expect(said('fail')).toMatchObject({ status: 'fail', output: 'payments fails' })
  })

  it.each<[unknown, string]>([
    [undefined, 'undefined instead of an outcome'],
    [null, 'null instead of an outcome'],
    ['planted', 'string instead of an outcome'],
    [{ ...pass, status: 'planted' }, 'an outcome whose status is not pass, warn or fail'],
    [{ code: 'ok', output: 'planted' }, 'an outcome whose status is not pass, warn or fail'],
    [{ ...pass, code: 'Planted' }, 'an outcome whose code is not a snake_case word of at most 40 characters'],
    [{ ...pass, code: 404 }, 'an outcome whose code is not a snake_case word of at most 40 characters'],
    [{ ...pass, output: 7 }, 'an outcome whose output is not a text'],
  ])('is refused by its wrong field, and never repeated: %j', (returned, what) => {
    expect(() => toOutcome('payments', returned)).toThrow(`the check returned ${what}`)
    expect(() => toOutcome('payments', returned)).not.toThrow(/planted/i)
  })

  it('is cut to 200 bytes and within no character', () => {
    const bytes = (output: string) =>
      new TextEncoder().encode(toOutcome('payments', { ...pass, output }).output).length
    expect(bytes('x'.repeat(10_000))).toBe(200)
    expect(bytes('€'.repeat(10_000))).toBe(198)
    expect(bytes('🔥'.repeat(10_000))).toBe(200)
    expect(bytes(`x${'🔥'.repeat(10_000)}`)).toBe(197)
  })

  it('has a space in the place of what ends a line, however many characters that are', () => {
    expect(toOutcome('payments', { ...pass, output: 'two\r\n\tlines' }).output).toBe('two lines')
  })

  it('is not replaced for a word behind the end of what is said', () => {
    const output = 'x'.repeat(200)
    expect(toOutcome('payments', { ...pass, output: `${output} failure` }).output).toBe(output)
  })

  it('keeps its details, and has none where the check had none', () => {
    const details = { free_bytes: 7 }
    expect(toOutcome('payments', { ...pass, details })).toEqual({ ...pass, details })
    expect(toOutcome('payments', pass)).not.toHaveProperty('details')
  })

  it.each([...faultCodes, ...migrationsCodes, ...celeryCodes, 'ok', 'slow', 'http_503'])(
    'may carry the code %s',
    (code) => {
      expect(allowsCode(code)).toBe(true)
      expect(toOutcome('payments', { ...pass, code })).toMatchObject({ code })
    },
  )

  it.each(['Ok', 'not found', '9lives', 'x'.repeat(9000), 'ok\n'])('may not carry the code %j', (code) => {
    expect(() => toOutcome('payments', { ...pass, code })).toThrow('not a snake_case word')
  })
})

describe('what a check threw', () => {
  it.each<[string, unknown, string]>([
    ['an Error', new RangeError('out of range'), 'out of range'],
    ['a text', 'boom', 'boom'],
    ['an object with a message', { message: 'boom' }, 'boom'],
    ['an object without one', { reason: 7 }, 'the check threw object'],
    ['null', null, 'the check threw null'],
    ['undefined', undefined, 'the check threw undefined'],
    ['a number', 7, 'the check threw number'],
  ])('is known by its words when it is %s', (_, thrown, reason) => {
    const { outcome, cause } = toFault('payments', thrown)
    expect(outcome).toEqual({
      status: 'fail',
      code: 'error',
      output: 'payments could not be checked',
      details: { reason },
    })
    expect(cause).toMatchObject({ message: reason })
  })

  it('says so where it cannot be read', () => {
    const reason = 'the check threw something that cannot be read'
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    for (const thrown of [proxy, Object.assign(new Error(), { message: { secret: 1 } })]) {
      expect(toFault('payments', thrown).outcome.details).toEqual({ reason })
    }
  })

  it('keeps an Error as the cause, with what caused that', () => {
    const error = new Error('outer', { cause: new Error('inner') })
    expect(toFault('payments', error).cause).toBe(error)
  })

  it('has the details of a CheckError, and none that cannot be read', () => {
    const unreadable = {
      get key(): string {
        throw new Error('no')
      },
    }
    const fault = (details: object) =>
      toFault(
        'payments',
        new CheckError('unauthorized', 'no', { details: details as Record<string, unknown> }),
      )
    expect(fault({ right: 'read' }).outcome).toMatchObject({
      code: 'unauthorized',
      details: { reason: 'no', right: 'read' },
    })
    expect(fault(unreadable).outcome).toMatchObject({ status: 'fail', code: 'error' })
  })

  it('has the code of a CheckError of another copy of this package', async () => {
    vi.resetModules()
    const { CheckError: OfAnotherCopy } = await import('../../src/core/check.ts')
    const thrown = new OfAnotherCopy('unreachable', 'the connection failed', { details: { status: 0 } })
    expect(thrown).not.toBeInstanceOf(CheckError)
    expect(toFault('payments', thrown).outcome).toEqual({
      status: 'fail',
      code: 'unreachable',
      output: 'payments cannot be reached',
      details: { reason: 'the connection failed', status: 0 },
    })
  })

  it('is an error when a CheckError has a code that no CheckError has', () => {
    const { outcome } = toFault('payments', new CheckError('teapot' as FaultCode, 'short and stout'))
    expect(outcome).toMatchObject({ code: 'error', output: 'payments could not be checked' })
  })
})

it('the schema allows nothing but objects as details', () => {
  const allows = ajv.compile(details)
  expect([allows({ note: 'x' }), allows('x'), allows(['x'])]).toEqual([true, false, false])
})
