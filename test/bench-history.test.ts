import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { atLeast, atMost, countAtMost, exactly, measured } from '../bench/support/figure.ts'
import { machineOf, readHistory, recordRun } from '../bench/support/history.ts'
import { drawHistory, historyPictureFile } from '../bench/support/history-picture.ts'
import { pageWith, performancePageFile } from '../bench/support/performance-page.ts'

const figures = [
  atMost('a time', 75, 100),
  atLeast('a ratio', 40, 30),
  atMost('missed', 300, 100),
  countAtMost('commands', 3, 4),
  countAtMost('lost', 0, 0),
  exactly('runs', 1, 1),
  exactly('wrong runs', 2, 1),
  measured('for comparison', '7 ms'),
]

it('a figure says whether it held, and how much of its bound it used up', () => {
  expect(figures.map(({ verdict, share }) => [verdict, share])).toEqual([
    ['held', 0.75],
    ['held', 0.75],
    ['missed', 3],
    ['held', 0.75],
    ['held', 1],
    ['held', 1],
    ['defect', undefined],
    ['measured', undefined],
  ])
})

it('a run is kept as one line, with its commit and its machine', () => {
  const folder = mkdtempSync(join(tmpdir(), 'edge-health-bench-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'history.jsonl')
  expect(readHistory(file)).toEqual([])
  recordRun(figures, '0123456789', file)
  recordRun(figures, '0123456789', file)
  expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(3)
  expect(readHistory(file)[1]).toEqual({
    day: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
    commit: '0123456789',
    machine: expect.stringMatching(/^\d+ x .+, \d+ GiB$/),
    shares: { 'a time': 0.75, 'a ratio': 0.75, missed: 3, commands: 0.75, lost: 1, runs: 1 },
  })
  expect(machineOf([{ model: 'A  CPU ' }, { model: 'A  CPU' }], 24 * 2 ** 30)).toBe('2 x A CPU, 24 GiB')
})

it('the picture has a dot for each run on the machine that measured last, and the bound', () => {
  const run = (machine: string, shares: Record<string, number>) => ({
    day: '2026-11-26',
    commit: '0123456789',
    machine,
    shares,
  })
  const picture = drawHistory([
    run('other', { 'a < b': 0.1 }),
    run('ours', { 'a < b': 0.5, gone: 1 }),
    run('ours', { 'a < b': 0.75, new: 9 }),
  ])
  expect(picture).toContain('2 runs on ours; the newest of 2026-11-26, commit 0123456789')
  expect(picture).toContain('a &lt; b')
  expect(picture).not.toContain('gone')
  const dots = [...picture.matchAll(/cx="(\d+)".*?fill-opacity="([\d.]+)"/g)].map(([, x, opacity]) => [
    x,
    opacity,
  ])
  const bound = Number(/<line x1="(\d+)"/.exec(picture)?.[1])
  expect(dots).toEqual([
    ['736', '0.50'],
    ['786', '1.00'],
    ['936', '1.00'],
  ])
  expect(bound).toBe(836)
})

it('the picture of the documents is that of the recorded runs', () => {
  expect(readHistory().length).toBeGreaterThan(0)
  expect(readFileSync(historyPictureFile, 'utf8')).toBe(drawHistory(readHistory()))
})

it('the tables of the page are those of the run, and the rest of it stays', () => {
  const run = { day: '2026-11-26', commit: '0123456789', figures }
  const page = pageWith('# P\n\n## The bounds\n\nold\n\n## All figures\n\n| old |\n\n## CPU\n\nkept\n', run)
  expect(page).not.toContain('old')
  const [, bounds, all, cpu] = page.split('\n## ')
  expect(bounds).toContain('| a time | 75 | at most 100 | yes |')
  expect(bounds).not.toContain('for comparison | 7 ms')
  expect(all).toContain('on 2026-11-26, at commit 0123456789.')
  expect(all).toContain('| for comparison | 7 ms |  |  |')
  expect(cpu).toBe('CPU\n\nkept\n')
  expect(pageWith(page, run)).toBe(page)
  expect(() => pageWith('# P\n', run)).toThrow('no section "The bounds"')
})

it('the page of this repository has a place for each table', () => {
  const page = readFileSync(performancePageFile, 'utf8')
  expect(pageWith(page, { day: '', commit: '', figures: [measured('only this', '1')] })).toContain(
    '| only this | 1 |  |  |\n\n## Five minutes of load',
  )
})
