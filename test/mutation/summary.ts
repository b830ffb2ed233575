import { relative } from 'node:path'
import { survivorsOf, type Tried, tally } from './score.ts'

/** What a room has to reach; what is missing to 1 is listed in accepted.json, with the reason. */
export const minScore = 0.92

/** What `reporter.ts` wrote of one room, also where the run was stopped. */
export interface Progress {
  /** How many changes there are, or undefined where the run was stopped before they were counted. */
  readonly planned: number | undefined
  readonly tried: readonly Tried[]
}

/**
 * A line may be cut where the run was stopped while it was written.
 *
 * @param root the folder that the names of the files become relative to
 */
export function readProgress(text: string, root: string): Progress {
  const values = text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
  return {
    planned: values.find(({ planned }) => planned !== undefined)?.planned,
    tried: values
      .filter(({ planned }) => planned === undefined)
      .map((value) => ({ ...value, fileName: relative(root, value.fileName) })),
  }
}

interface Summary {
  readonly lines: readonly string[]
  /** 1 for a change that was not noticed and is not accepted, and for a low score of a room that was run to the end. */
  readonly exitCode: 0 | 1
}

/** @param textOf what is in a file of the source */
export function summarize(
  name: string,
  { planned, tried }: Progress,
  accepted: readonly string[],
  textOf: (file: string) => string,
): Summary {
  const { noticed, all } = tally(tried)
  const score = all === 0 ? 1 : noticed / all
  const files = [...new Set(tried.map(({ fileName }) => fileName))]
  const open = files
    .flatMap((file) =>
      survivorsOf(
        file,
        tried.filter(({ fileName }) => fileName === file),
        textOf(file),
      ),
    )
    .filter(({ change }) => !accepted.includes(change))
  const isWhole = planned !== undefined && tried.length >= planned
  return {
    lines: [
      `${name}: ${noticed} of ${all} changes noticed, ${score.toFixed(3)}`,
      ...(isWhole ? [] : [`  not tried: ${planned === undefined ? 'all of them' : planned - tried.length}`]),
      ...open.map(({ change, line }) => `  not noticed: ${change} (line ${line})`),
    ],
    exitCode: open.length > 0 || (isWhole && score < minScore) ? 1 : 0,
  }
}
