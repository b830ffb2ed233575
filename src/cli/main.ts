#!/usr/bin/env node
import module from 'node:module'

// Before anything else is loaded: without it, to read the sources is half of what a short command costs. From Node 22.1 on
// (https://nodejs.org/api/module.html#moduleenablecompilecacheoptions); NODE_DISABLE_COMPILE_CACHE=1 switches it off.
module.enableCompileCache?.()

const { version } = await import('../compile/package-info.ts')
const { run } = await import('./run.ts')
const { ignoreClosedPipes } = await import('./terminal/terminal.ts')

ignoreClosedPipes()
// Not process.exit: what was written into a pipe would be cut off.
await run(process.argv.slice(2), version)
