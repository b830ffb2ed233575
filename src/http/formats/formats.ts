import type { Format } from './format.ts'
import { healthJson } from './health-json.ts'
import { ohDear } from './oh-dear.ts'
import { plainText } from './plain-text.ts'

/** The forms of the health answer, by the value of `?format=`. */
export const formats: ReadonlyMap<string, Format> = new Map([
  ['health+json', healthJson],
  ['ohdear', ohDear],
  ['text', plainText],
])
