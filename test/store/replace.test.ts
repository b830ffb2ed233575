/** A value that several runs write: how often it is written, and what is lost. */
import { describe, expect, it } from 'vitest'
import type { Asker } from '../../src/store/asker.ts'
import { replace } from '../../src/store/replace.ts'
import { setNew } from '../../src/store/set-new.ts'
import type { SetOptions, StoreClient } from '../../src/store/store-client.ts'

/** @param answers what each SET answers, the last one for ever; an error is thrown */
function setUp(...answers: unknown[]) {
  const sent: { key: string; value: string; options: SetOptions }[] = []
  const merged: string[] = []
  const client: StoreClient = {
    getrange: async () => '',
    async set(key, value, options) {
      const answer = answers[Math.min(sent.length, answers.length - 1)]
      sent.push({ key, value, options })
      if (answer instanceof Error) throw answer
      return answer
    },
  }
  const asker: Pick<Asker, 'try'> = {
    try: (_limitMs, send) => send(client).catch(() => undefined),
  }
  const write = (expected = 'read before') =>
    replace(asker as Asker, {
      ...{ key: 'k', value: 'ours', expected, px: 7 },
      async merge(replaced) {
        merged.push(replaced)
        return `ours and ${replaced}`
      },
    })
  return { client, sent, merged, write, values: () => sent.map(({ value }) => value) }
}

describe('a value that several runs write', () => {
  it('is written once where nobody else wrote, with the old value as the answer', async () => {
    const { sent, merged, write } = setUp('read before')
    expect(await write()).toBe('ours')
    expect(sent).toEqual([{ key: 'k', value: 'ours', options: { px: 7, get: true } }])
    expect(merged).toEqual([])
  })

  it.each([
    ['nothing', null],
    ['an answer of another form', 7],
  ])('is written once where nothing was there before and nothing is there: %s', async (_, answer) => {
    const { values, write } = setUp(answer)
    expect(await write('')).toBe('ours')
    expect(values()).toEqual(['ours'])
  })

  it('is written once more with what another run wrote', async () => {
    const { values, merged, write } = setUp('theirs', 'ours')
    expect(await write()).toBe('ours and theirs')
    expect(values()).toEqual(['ours', 'ours and theirs'])
    expect(merged).toEqual(['theirs'])
  })

  it('is written once where nothing is new in what another run wrote', async () => {
    const { client, values } = setUp('theirs')
    const asker = { try: (_: number, send: (client: StoreClient) => unknown) => send(client) }
    const value = { key: 'k', value: 'ours', expected: '', px: 7, merge: async () => 'ours' }
    expect(await replace(asker as Asker, value)).toBe('ours')
    expect(values()).toEqual(['ours'])
  })

  it('is given up where others write all the time', async () => {
    const { values, write } = setUp('a', 'b', 'c', 'd', 'e')
    expect(await write()).toBeUndefined()
    expect(values()).toHaveLength(4)
  })

  it('is not merged where it could not be written', async () => {
    const { values, merged, write } = setUp(new Error('the connection failed'))
    expect(await write()).toBeUndefined()
    expect(values()).toEqual(['ours'])
    expect(merged).toEqual([])
  })

  it('is written without a question where the server cannot answer the old value', async () => {
    const { sent, merged, write } = setUp(new Error('Redis answered: ERR syntax error'), 'OK')
    expect(await write()).toBe('ours')
    expect(sent.map(({ options }) => options)).toEqual([{ px: 7, get: true }, { px: 7 }])
    expect(merged).toEqual([])
  })

  it('is taken for what was expected where the client knows nothing of the question', async () => {
    const { values, merged, write } = setUp('OK')
    expect(await write()).toBe('ours')
    expect(values()).toEqual(['ours'])
    expect(merged).toEqual([])
  })
})

it('a key is set only where it is not there yet', async () => {
  const { client, sent } = setUp('OK', null)
  expect(await setNew(client, 'k', 'v', 9)).toBe(true)
  expect(await setNew(client, 'k', 'v', 9)).toBe(false)
  expect(sent[0]).toEqual({ key: 'k', value: 'v', options: { px: 9, nx: true } })
})
