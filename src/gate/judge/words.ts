import { relationName } from '../measure/effect.ts'
import type { Amount, Waits } from './finding.ts'
import type { JudgedWork } from './works.ts'

/** `419 GB`, `1.2 MB`. */
export function bytesText(bytes: number): string {
  return `${scaled(bytes, ['B', 'kB', 'MB', 'GB', 'TB'])}`
}

/** `105 million rows`, `1 row`. */
export function rowsText(rows: number): string {
  const [number, word] =
    rows >= 1e9
      ? [rows / 1e9, ' billion']
      : rows >= 1e6
        ? [rows / 1e6, ' million']
        : rows >= 1e4
          ? [rows / 1e3, ' thousand']
          : [rows, '']
  return `${rounded(number)}${word} row${rows === 1 ? '' : 's'}`
}

function scaled(value: number, unitNames: readonly string[]): string {
  let left = value
  let at = 0
  while (left >= 1000 && at < unitNames.length - 1) {
    left /= 1000
    at++
  }
  return `${rounded(left)} ${unitNames[at]}`
}

const rounded = (value: number): string =>
  value < 10 ? String(Number(value.toFixed(1))) : String(Math.round(value))

/** What the work is, on how much. */
export function workText({ work, effect, amount, waits, adds }: JudgedWork): string {
  const name = relationName(effect.relation)
  const ofIt = waitingOf(waits, name)
  switch (work) {
    case 'rewrite':
      return `rewrites ${name}${sizeText(amount)}${ofIt}`
    case 'scan':
      return `reads all of ${name}${heapText(amount)}${ofIt}`
    case 'build': {
      const count = amount.indexes ?? 1
      return `builds ${count} index${count === 1 ? '' : 'es'} of ${name}${onRows(amount)}${ofIt}`
    }
    case 'rows':
      if (adds) return `adds rows to ${name}${atMostRows(amount)}${ofIt}`
      return `changes rows of ${name}${atMostRows(amount)}: each stays locked until the end${ofIt}`
  }
}

const unknown = ', of unknown size'

function sizeText({ heapBytes, toastBytes, indexBytes, rows }: Amount): string {
  if (heapBytes === undefined) return unknown
  const parts = [
    `${bytesText(heapBytes)} table`,
    ...(toastBytes ? [`${bytesText(toastBytes)} TOAST`] : []),
    ...(indexBytes ? [`${bytesText(indexBytes)} indexes`] : []),
    ...(rows === undefined ? [] : [rowsText(rows)]),
  ]
  return `: ${parts.join(', ')}`
}

const heapText = ({ heapBytes }: Amount) => (heapBytes === undefined ? unknown : ` (${bytesText(heapBytes)})`)
const onRows = ({ rows }: Amount) => (rows === undefined ? unknown : ` over ${rowsText(rows)}`)
const atMostRows = ({ rows }: Amount) => (rows === undefined ? unknown : ` (at most ${rowsText(rows)})`)

function waitingOf(waits: readonly Waits[], name: string): string {
  const own = waits.find(({ object }) => object === name)
  if (!own) return ''
  return own.reads ? '; every read and write of it waits' : '; every write of it waits'
}

/** `reads and writes of a, b; writes of c`. */
export function waitsText(waits: readonly Waits[]): string {
  const names = (list: readonly Waits[]) => list.map(({ object }) => object).join(', ')
  const [both, onlyWrites] = [waits.filter(({ reads }) => reads), waits.filter(({ reads }) => !reads)]
  return [
    ...(both.length > 0 ? [`reads and writes of ${names(both)}`] : []),
    ...(onlyWrites.length > 0 ? [`writes of ${names(onlyWrites)}`] : []),
  ].join('; ')
}
