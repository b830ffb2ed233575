import { CliCommand } from '../command.ts'
import { assertNode, compileNode } from '../node-version.ts'
import { exitOnInterrupt } from '../terminal/terminal.ts'
import { type CompileWords, compileOptions, toCompileOptions } from './options.ts'

/** `edge-health compile` */
export function compileCommand(): CliCommand {
  const command = new CliCommand('compile', {
    description: 'Make the expected schema from your Drizzle migrations',
    needs: ['@electric-sql/pglite', '@electric-sql/pglite-tools'],
    examples: [
      'edge-health compile',
      'edge-health compile --config ../../packages/db/drizzle.config.ts',
      "edge-health compile --migrations drizzle --models 'src/models/*.ts' --casing snake_case",
      'edge-health compile --preset neon --skip "create extension.*pg_cron"',
    ],
    exitCodes: [
      '0 written or unchanged',
      '1 the migrations cannot be compiled',
      '2 usage, or a package is missing',
    ],
  })
  for (const option of Object.values(compileOptions)) command.addOption(option)
  return command.action(async (words: CompileWords) => {
    exitOnInterrupt()
    assertNode('compile', compileNode)
    const { compile } = await import('./compile.ts')
    process.exitCode = await compile(toCompileOptions(words))
  })
}
