import { html, raw } from 'hono/html'
import type { Html } from './format.ts'
import type { State } from './texts/texts.ts'

export const states: readonly State[] = ['pass', 'warn', 'fail', 'none', 'maintenance']

/** The class of each state, and the name of its shape. */
export const classes = { pass: 'p', warn: 'w', fail: 'f', none: 'n', maintenance: 'm' } as const

/** A tick, a triangle, a cross, a dash, two bars: no two look the same without their colours. */
const paths: Readonly<Record<State, string>> = {
  pass: 'M0 8l6 6L16 3l-2-2-8 9-4-4z',
  warn: 'M8 0L0 15h16zM7 5h2v5H7zm0 6h2v2H7z',
  fail: 'M2 0l6 6 6-6 2 2-6 6 6 6-2 2-6-6-6 6-2-2 6-6-6-6z',
  none: 'M1 6h14v4H1z',
  maintenance: 'M2 1h4v14H2zm8 0h4v14h-4z',
}

/** Drawn once, and not seen where they stand. */
export const shapes: Html = raw(
  `<div hidden><svg>${states
    .map((state) => `<path id="${classes[state]}" d="${paths[state]}"/>`)
    .join('')}</svg></div>`,
)

/** The shape of a state; the word beside it says the same. */
export const shape = (state: State): Html =>
  html`<svg class="i ${classes[state]}" viewBox="0 0 16 16" aria-hidden="true"><use href="#${classes[state]}"/></svg>`
