/** Kinds of work whose amount decides. */
export type Work = 'rewrite' | 'scan' | 'build' | 'rows'

/** From how much on a kind of work is worth a warning, or stops the deploy. Bytes, or numbers of rows. */
export type Thresholds = Readonly<Record<Work, number>>

const mega = 1e6

/**
 * The same bytes take 24 times longer in one table than in another, so these are classes and not minutes: from about a
 * second on a slow table a warning, from about ten a stop.
 */
export const defaultWarnAt: Thresholds = {
  rewrite: 20 * mega,
  scan: 200 * mega,
  build: 500_000,
  rows: 100_000,
}
export const defaultFailAt: Thresholds = {
  rewrite: 200 * mega,
  scan: 2000 * mega,
  build: 5 * mega,
  rows: mega,
}

const units: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12 }

/**
 * `rewrite=50MB,scan=1GB,build=2M,rows=500k`; those that are not named stay as they are.
 *
 * @returns a sentence in the place of thresholds that cannot be read
 */
export function parseThresholds(text: string, defaults: Thresholds): Thresholds | string {
  let thresholds = defaults
  for (const word of text.split(',').filter((each) => each.trim() !== '')) {
    const [, name = '', digits = '', unit = ''] =
      /^\s*([a-z]+)\s*=\s*(\d+(?:\.\d+)?)\s*([kmgt]?)b?\s*$/i.exec(word) ?? []
    if (!isWork(name)) {
      return `expected sizes such as rewrite=50MB,scan=1GB,build=2M,rows=500k, and got "${word.trim()}"`
    }
    thresholds = { ...thresholds, [name]: Number(digits) * (units[unit.toLowerCase()] ?? 1) }
  }
  return thresholds
}

const isWork = (name: string): name is Work => ['rewrite', 'scan', 'build', 'rows'].includes(name)
