import { effectOf } from './effect.ts'
import type { Texts } from './texts/texts.ts'

/** What HEALTH_LABELS calls a check or a code. */
export type Labels = ReadonlyMap<string, string>

export const labelOf = (labels: Labels, checker: string): string => labels.get(checker) ?? checker

/** What a result means for users; undefined for a code of which nobody has said it. */
export function meaningOf(
  labels: Labels,
  { effects }: Texts,
  checker: string,
  code: string,
): string | undefined {
  const effect = effectOf(code)
  return labels.get(`${checker}/${code}`) ?? labels.get(code) ?? (effect && effects[effect])
}
