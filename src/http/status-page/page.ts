import type { Result } from '../../core/check.ts'
import type { Period } from '../../core/period.ts'
import type { Identity } from '../../core/report.ts'
import type { KnownHistory } from '../../history/history.ts'
import type { CheckView } from './check-view.ts'
import type { Format } from './format.ts'
import type { Labels } from './labels.ts'
import type { Language, Texts } from './texts/texts.ts'

/** The words and the language of the page. */
export interface StatusPageOptions {
  /** [title=the name of the service] */
  readonly title: string | undefined
  readonly labels: Labels
  /** An image beside the title, `https://…`. */
  readonly logoUrl: string | undefined
  readonly language: Language
}

/** What the page is made of. */
export interface StatusPage extends Identity {
  readonly options: StatusPageOptions
  /** Every check that exists here, in the order of the answer. */
  readonly checkers: readonly string[]
  /** The last results, of checks that have one. */
  readonly results: readonly Result[]
  /** Undefined when there is no store, and when it cannot be read. */
  readonly history: KnownHistory | undefined
  readonly hasStore: boolean
  /** The maintenance windows that are open or will be. */
  readonly maintenance: readonly Period[]
  /** Whether checks may be named, or only whether all is well. */
  readonly seesChecks: boolean
  /** Whether the reader has shown the token. */
  readonly isTrusted: boolean
  /** Whether there is a token to show. */
  readonly hasToken: boolean
  /** Where the incidents are as a feed, from where the page is. */
  readonly feedUrl: string
  /** Epoch ms. */
  readonly now: number
}

/** What every part of the page is made of. */
export interface Page extends StatusPage {
  readonly texts: Texts
  readonly format: Format
  readonly views: readonly CheckView[]
}
