import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { atomFeed } from '../../../src/http/formats/atom.ts'
import { badDatabase, eventful, historyOf, observationOf } from './histories.ts'
import { now } from './reports.ts'

const url = 'https://health.example.com/health-check/feed.atom?a=1&b=2'

/** Read by Python's XML parser: the feed's children by name, and those of each entry. */
const program = `
import json, sys
import xml.etree.ElementTree as tree
atom = '{http://www.w3.org/2005/Atom}'
def children(element):
    return {child.tag.replace(atom, ''): child.text or child.attrib for child in element}
root = tree.fromstring(sys.stdin.buffer.read())
assert root.tag == atom + 'feed', root.tag
print(json.dumps([children(root), [children(entry) for entry in root.findall(atom + 'entry')]]))
`

type Fields = Record<string, string | undefined>

function parse(feed: string): { feed: Fields; entries: Fields[] } {
  const { stdout, stderr, status } = spawnSync('/usr/bin/python3', ['-c', program], {
    input: feed,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
  const [fields, entries] = JSON.parse(stdout)
  return { feed: fields, entries }
}

const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

it('is a feed with what RFC 4287 requires, the newest incident first', () => {
  const { feed, entries } = parse(atomFeed(eventful, 'health-check/fra', url))
  expect(feed).toMatchObject({
    id: url,
    title: 'Incidents of health-check',
    updated: expect.stringMatching(time),
  })
  expect(entries.map(({ title }) => title)).toEqual([
    'database fails: database did not answer in time',
    'database failed: database did not answer in time',
  ])
  for (const entry of entries) {
    expect(entry['id']).toMatch(/^tag:health\.example\.com,2026-11-22:database\/\d+$/)
    expect(entry['updated']).toMatch(time)
    expect(entry['published']).toMatch(time)
  }
  expect(entries[0]?.['content']).toMatch(/\(timeout\), since .*, release 2, release 1 before it$/)
})

it('keeps the id of an incident that goes on and ends', () => {
  const observations = [observationOf(30), observationOf(20, badDatabase)]
  const idsOf = (...more: ReturnType<typeof observationOf>[]) =>
    parse(atomFeed(historyOf(...observations, ...more), 'x', url)).entries.map(({ id }) => id)
  expect(idsOf(observationOf(10, badDatabase))).toEqual(idsOf())
  expect(idsOf(observationOf(10, badDatabase), observationOf(5))).toEqual(idsOf())
})

it('has a later time once an incident is over, so that readers show it again', () => {
  const observations = [observationOf(30), observationOf(20, badDatabase), observationOf(10, badDatabase)]
  const updatedOf = (...more: ReturnType<typeof observationOf>[]) => {
    const { feed, entries } = parse(atomFeed(historyOf(...observations, ...more), 'x', url))
    expect(entries.map((each) => each['updated'])).toEqual([feed['updated']])
    return Date.parse(feed['updated'] ?? '')
  }
  const open = updatedOf()
  expect(open).toBe(now - 10 * 60_000)
  const over = updatedOf(observationOf(9))
  expect(over).toBeGreaterThan(open)
  expect(updatedOf(observationOf(9), observationOf(1))).toBe(over)
})

it('names in an id the host without its port', () => {
  const [entry] = parse(atomFeed(eventful, 'x', 'http://localhost:8787/health-check/feed.atom')).entries
  expect(entry?.['id']).toMatch(/^tag:localhost,2026-11-22:database\/\d+$/)
})

it('survives texts that are not XML', () => {
  const output = `a <b> & "c" \u0000\u0007 ]]> \ud800 \ufffe\uffff é`
  const history = historyOf(observationOf(30), observationOf(20, { ...badDatabase, output }))
  const [entry] = parse(atomFeed(history, 'x', url)).entries
  expect(entry?.['title']).toContain('a <b> & "c"')
})

it('has an updated time without any incident too', () => {
  const { feed, entries } = parse(atomFeed(historyOf(), 'health-check/fra', url))
  expect([feed['updated'], entries]).toEqual([new Date(now).toISOString(), []])
})
