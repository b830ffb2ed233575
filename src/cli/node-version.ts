import { UsageError } from './usage-error.ts'

type NodeVersion = readonly [major: number, minor: number]

/** What `compile` and `start` need: Node then runs the TypeScript of a drizzle.config and of the models itself. */
export const compileNode: NodeVersion = [22, 15]

/** Whether this Node is that version or a later one. */
export function isNode([major, minor]: NodeVersion): boolean {
  const [ours = 0, oursMinor = 0] = process.versions.node.split('.').map(Number)
  return ours > major || (ours === major && oursMinor >= minor)
}

/** @throws {UsageError} when this Node lacks what the command needs; most of the bin runs on Node 20 */
export function assertNode(command: string, needed: NodeVersion): void {
  if (isNode(needed)) return
  throw new UsageError(
    `edge-health ${command} needs Node ${needed.join('.')} or later, and this is ${process.version}.`,
  )
}
