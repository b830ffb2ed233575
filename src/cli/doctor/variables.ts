import { type Config, type Environment, type Mistake, secretsOf } from '../../config/config.ts'
import { textOf } from '../../config/reader.ts'
import { isSecretVariable, isVariable } from '../../config/variables.ts'
import { createScrub } from '../../core/scrub.ts'
import { asksThrough } from '../../core/standard-checkers.ts'
import { deployedVariables, functionVariables, type VariableText } from '../init/variable-texts.ts'
import { didYouMean } from '../suggest.ts'
import { reasonUnused } from './unused.ts'

/** What one variable leads to. */
export interface VariableEffect {
  readonly variable: string
  /** `unknown`: it begins like one of ours, and the function does not read it. */
  readonly state: 'set' | 'default' | 'unset' | 'wrong' | 'unused' | 'unknown'
  /** Never a secret's; absent where there is none to show. */
  readonly value?: string
  /** What it does, or why it does nothing. */
  readonly effect: string
}

/** Only names like these are looked at: a variable of the application may begin with CELERY_ or SENTRY_. */
const ours = /^(HEALTH|ALERT)_/

/** What each variable of the function leads to, in the order of the documents. */
export function effectsOf(environment: Environment, config: Config): VariableEffect[] {
  const scrub = createScrub(secretsOf(environment))
  const known = deployedVariables()
  const effects = known.map((variable) => effectOf(variable, environment, config, scrub))
  const others = Object.keys(environment).filter((name) => ours.test(name) && !isVariable(name))
  return [
    ...effects,
    ...others.map((name) => ({
      variable: scrub(name),
      state: 'unknown' as const,
      effect: `the function does not read it${didYouMean(name, known)}`,
    })),
  ]
}

function effectOf(
  variable: string,
  environment: Environment,
  config: Config,
  scrub: (text: string) => string,
): VariableEffect {
  const { meaning, default: fallback } = textsOf(variable)
  const mistake = config.mistakes.find((each) => each.variable === variable && concerns(each, config))
  const text = textOf(environment[variable])
  if (mistake) return { variable, state: 'wrong', effect: mistake.sentence }
  if (text === undefined) {
    if (fallback === undefined) return { variable, state: 'unset', effect: meaning }
    return { variable, state: 'default', value: fallback, effect: meaning }
  }
  const value = isSecretVariable(variable) ? {} : { value: scrub(text) }
  const reason = reasonUnused(variable, config)
  if (reason !== undefined) return { variable, state: 'unused', ...value, effect: reason }
  return { variable, state: 'set', ...value, effect: meaning }
}

/** Whether a check that exists here needs what is wrong. */
function concerns({ check }: Mistake, { checkers }: Config): boolean {
  return check === undefined || checkers.some((name) => name === check || asksThrough[name] === check)
}

const texts: ReadonlyMap<string, VariableText> = new Map(Object.entries(functionVariables))

/** Those of one check's TTL have no text of their own. */
function textsOf(variable: string): VariableText {
  const text = texts.get(variable)
  if (text) return text
  const [, check = '', status] = /^HEALTH_(.+)_TTL_(PASS|FAIL)$/.exec(variable) ?? []
  return {
    meaning: `For how many seconds a ${status === 'PASS' ? 'good' : 'failed'} result of ${check.toLowerCase()} is repeated; HEALTH_TTL_${status} when unset`,
  }
}
