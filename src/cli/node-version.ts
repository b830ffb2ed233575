import { UsageError } from './usage-error.ts'

/** @throws {UsageError} when this Node lacks what the command needs; most of the bin runs on Node 20 */
export function assertNode(command: string, [major, minor]: readonly [number, number]): void {
  const [ours = 0, oursMinor = 0] = process.versions.node.split('.').map(Number)
  if (ours > major || (ours === major && oursMinor >= minor)) return
  throw new UsageError(
    `edge-health ${command} needs Node ${major}.${minor} or later, and this is ${process.version}.`,
  )
}
