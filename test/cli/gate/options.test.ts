import { describe, expect, it } from 'vitest'
import { readDriver } from '../../../src/cli/gate/options.ts'
import { UsageError } from '../../../src/cli/usage-error.ts'

describe('the driver', () => {
  it('is the named one, else that of the config where it migrates, else node-postgres', () => {
    expect(readDriver('neon-http', 'aws-data-api')).toBe('neon-http')
    expect(readDriver(undefined, 'aws-data-api')).toBe('aws-data-api')
    expect(readDriver(undefined, 'd1-http')).toBe('node-postgres')
    expect(readDriver(undefined, undefined)).toBe('node-postgres')
  })

  it('that is not known is refused with the list', () => {
    expect(() => readDriver('mysql', undefined)).toThrow(UsageError)
    expect(() => readDriver('mysql', undefined)).toThrow(
      /--driver mysql: expected one of node-postgres, .*neon-http/,
    )
  })

  it('pg-proxy is refused with the names of those that do as the callback does', () => {
    expect(() => readDriver('pg-proxy', undefined)).toThrow(UsageError)
    expect(() => readDriver('pg-proxy', undefined)).toThrow(/Name node-postgres .* neon-http/)
  })
})
