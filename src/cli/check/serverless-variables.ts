import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isRecord } from '../../core/is-record.ts'
import type { Variables } from '../../dev/environment.ts'
import { readYaml } from '../yaml.ts'
import { scalars } from './scalars.ts'

/**
 * `environment` of serverless.yml: the provider's, and that of the function where there is one alone. Of `${env:NAME, 'text'}` it
 * is the text, since the environment itself comes later anyway. What only a deploy can resolve is left out.
 */
export function readServerlessVariables(directory: string): Variables {
  const path = ['serverless.yml', 'serverless.yaml'].map((name) => join(directory, name)).find(existsSync)
  const config = path === undefined ? undefined : readYaml(path)
  if (!isRecord(config)) return {}
  const functions = isRecord(config['functions']) ? Object.values(config['functions']) : []
  const parts = [config['provider'], ...(functions.length === 1 ? functions : [])]
  const written = Object.assign(
    {},
    ...parts.map((part) => (isRecord(part) ? scalars(part['environment']) : {})),
  )
  return Object.fromEntries(
    Object.entries<string>(written).flatMap(([name, value]) => {
      const text = resolved(value)
      return text ? [[name, text]] : []
    }),
  )
}

function resolved(value: string): string | undefined {
  const fallback = /^\$\{env:\w+\s*(?:,\s*(?:'([^']*)'|"([^"]*)"))?\}$/.exec(value)
  if (fallback) return fallback[1] ?? fallback[2]
  return value.includes('${') ? undefined : value
}
