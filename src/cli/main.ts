#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { run } from './run-command.ts'
import { ignoreClosedPipes } from './terminal.ts'

/** The bin `edge-health`. Bundled as dist/cli/main.js, at the same depth, so that package.json is found from both. */
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))

ignoreClosedPipes()
// Not process.exit: what was written into a pipe would be cut off.
process.exitCode = await run(process.argv.slice(2), version)
