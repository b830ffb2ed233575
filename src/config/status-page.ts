import * as v from 'valibot'
import type { Reader } from './reader.ts'
import { name, oneOf } from './values.ts'

/** The words and the language of the status page. */
export interface StatusPageConfig {
  /** Undefined: the name of the service. */
  readonly title: string | undefined
  /** What a check, a code, or a code of one check (`database/timeout`) is called there. */
  readonly labels: ReadonlyMap<string, string>
  readonly logoUrl: string | undefined
  readonly language: 'en' | 'de'
}

const title = v.pipe(name, v.maxLength(100, 'expected at most 100 characters'))

/** A comma begins another pair only where a name and `=` follow it, so a sentence may have commas. */
const labels = v.pipe(
  name,
  v.transform((value) => value.split(/,(?=\s*[\w./-]*=)/).map((pair) => pair.trim())),
  v.check(
    (pairs) => pairs.every((pair) => /^[\w./-]{1,100}=\s*\S/.test(pair)),
    'expected pairs as database=Orders and login,timeout=Orders take longer',
  ),
  v.transform((pairs) => new Map(pairs.map((pair) => splitAt(pair, pair.indexOf('='))))),
)

const splitAt = (pair: string, index: number) => [pair.slice(0, index), pair.slice(index + 1).trim()] as const

/** No other characters: its origin becomes a part of the page's Content-Security-Policy. */
const logoUrl = v.pipe(
  name,
  v.regex(
    /^https:\/\/[\w.-]+(:\d+)?\/[^\s"'<>]*$/i,
    'expected the https:// URL of an image, without user and password',
  ),
  v.check((value) => URL.canParse(value), 'expected the https:// URL of an image, without user and password'),
)

export const readStatusPage = (reader: Reader): StatusPageConfig => ({
  title: reader.read('HEALTH_TITLE', title),
  labels: reader.read('HEALTH_LABELS', labels) ?? new Map(),
  logoUrl: reader.read('HEALTH_LOGO_URL', logoUrl),
  language: reader.read('HEALTH_LANGUAGE', oneOf('en', 'de')) ?? 'en',
})
