#!/usr/bin/env node
import { version } from '../compile/package-info.ts'
import { run } from './run-command.ts'
import { ignoreClosedPipes } from './terminal/terminal.ts'

ignoreClosedPipes()
// Not process.exit: what was written into a pipe would be cut off.
process.exitCode = await run(process.argv.slice(2), version)
