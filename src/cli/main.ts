#!/usr/bin/env node
import { version } from '../compile/package-info.ts'
import { run } from './run.ts'
import { ignoreClosedPipes } from './terminal/terminal.ts'

ignoreClosedPipes()
// Not process.exit: what was written into a pipe would be cut off.
await run(process.argv.slice(2), version)
