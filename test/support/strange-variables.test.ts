import { expect, it } from 'vitest'
import { readConfig } from '../../src/config/config.ts'
import { removeStrangeVariables } from './strange-variables.ts'

it('removes every variable that the function reads, and leaves what programs need', () => {
  const read = new Set<string>()
  const get = (_: object, name: string) => {
    read.add(name)
    return undefined
  }
  readConfig(new Proxy({}, { get }))
  expect(read.size).toBeGreaterThan(30)
  const exported = Object.fromEntries([...read, 'PATH', 'HOME', 'CI'].map((name) => [name, 'exported']))
  removeStrangeVariables(exported)
  expect(Object.keys(exported)).toEqual(['PATH', 'HOME', 'CI'])
})

it('is done before every test', () => {
  const tests = { ...process.env }
  removeStrangeVariables(tests)
  expect(process.env).toEqual(tests)
})
