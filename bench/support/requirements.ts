import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  isProgram,
  provide,
  type Requirement,
  runs,
  testRequirements,
} from '../../test/servers/requirements.ts'
import { say } from './bench.ts'

const loadRequirements: readonly Requirement[] = [
  { what: 'wrk', packages: ['wrk'], isThere: () => isProgram('wrk') },
  {
    what: 'Flask, SQLAlchemy, psycopg2 and gunicorn, for /usr/bin/python3',
    packages: ['python3-flask', 'python3-sqlalchemy', 'python3-psycopg2', 'gunicorn'],
    isThere: () => runs('/usr/bin/python3', '-c', 'import flask, sqlalchemy, psycopg2, gunicorn'),
  },
]

const terminus = fileURLToPath(new URL('../peers/godaddy/', import.meta.url))

/** What the load bench needs: what the tests need, the load generator, and what the peers are made of. */
export function provideForLoad(): void {
  provide('The bench needs', [...testRequirements, ...loadRequirements])
  if (existsSync(`${terminus}node_modules/@godaddy/terminus`)) return
  say('The bench needs the packages of bench/peers/godaddy; installing: npm ci')
  execFileSync('npm', ['ci', '--prefix', terminus, '--no-audit', '--no-fund'], { stdio: 'inherit' })
}
