import { expect, it } from 'vitest'
import { isLoopback } from '../../src/core/is-loopback.ts'

it.each(['localhost', '127.0.0.1', '127.8.8.8', '127.10.20.30', '[::1]'])('%s is this machine', (host) => {
  expect(isLoopback(new URL(`http://${host}:8787/`))).toBe(true)
})

it.each(['localhost.example', '127.0.0.1.example', '10.0.0.1', 'xlocalhost', '[::2]'])(
  '%s is not',
  (host) => {
    expect(isLoopback(new URL(`http://${host}/`))).toBe(false)
  },
)
