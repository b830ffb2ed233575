import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The directory of the nearest package.json at or above the file: where the project's own commands run. */
export function packageDirectory(file: string): string {
  for (let directory = dirname(file); ; directory = dirname(directory)) {
    if (existsSync(join(directory, 'package.json'))) return directory
    if (directory === dirname(directory)) return dirname(file)
  }
}
