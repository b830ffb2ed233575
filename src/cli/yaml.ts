import { readFileSync } from 'node:fs'
// @ts-expect-error it brings no types
import { DEFAULT_SCHEMA, load, Type } from 'js-yaml'

/** Tags of CloudFormation, such as `!Ref`: what they stand for is known to the deploy alone. */
const unknownTags = ['scalar', 'sequence', 'mapping'].map(
  (kind) => new Type('!', { kind, multi: true, construct: () => undefined }),
)
const schema = DEFAULT_SCHEMA.extend(unknownTags)

/**
 * What a YAML file holds.
 *
 * @returns undefined when it is not YAML
 */
export function readYaml(path: string): unknown {
  try {
    return load(readFileSync(path, 'utf8'), { schema })
  } catch {
    return undefined
  }
}
