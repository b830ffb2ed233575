import { type ExpectedPart, type ExpectedSchema, headKinds, type Kind } from '../expected-schema.ts'

/** The digests of what is live. */
export interface LiveDigests {
  /** Of all parts, with a space between. */
  readonly parts: string
  /** Of all objects of each kind. */
  readonly kinds: readonly { readonly kind: Kind; readonly digest: string }[]
}

/** The parts in which expected schema and live catalog differ, by their digests. */
export interface DifferingParts {
  /** Expected parts that the catalog has differently, or not at all. */
  readonly expected: readonly ExpectedPart[]
  /** Digests of live parts that are not expected so. */
  readonly live: readonly string[]
  /**
   * The kinds that differ, where they are enough to ask for: then the same parts are there on both sides, and the
   * question is a quarter as long. Absent where everything has to be asked for.
   */
  readonly kinds?: readonly Kind[]
}

/** @param viewText whether the text of views is compared on this server */
export function whatDiffers(
  expected: Pick<ExpectedSchema, 'parts' | 'kinds'>,
  live: LiveDigests,
  viewText: boolean,
): DifferingParts {
  const kinds = differingKinds(expected.kinds, live.kinds).filter((kind) => viewText || kind !== 'query')
  const sameParts = kinds.length > 0 && !kinds.some((kind) => headKinds.includes(kind))
  return { ...differingParts(expected.parts, live.parts), ...(sameParts && { kinds }) }
}

function differingParts(parts: readonly ExpectedPart[], liveDigests: string) {
  const unexpected = new Set(liveDigests === '' ? [] : liveDigests.split(' '))
  const expected = parts.filter(({ digests }) => !digests.some((digest) => unexpected.delete(digest)))
  return { expected, live: [...unexpected] }
}

function differingKinds(expected: ExpectedSchema['kinds'], live: LiveDigests['kinds']): Kind[] {
  const liveDigest = new Map(live.map(({ kind, digest }) => [kind, digest]))
  const differing = expected.filter(({ kind, digests }) => !digests.includes(liveDigest.get(kind) ?? ''))
  const extra = live.filter(({ kind }) => !expected.some((other) => other.kind === kind))
  return [...differing, ...extra].map(({ kind }) => kind)
}
