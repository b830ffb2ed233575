import type { Result } from '../../core/check.ts'
import type { Family } from './metric-family.ts'

type Sample = Family['samples'][number]

/** What the details of the checks of workers and queues count, by the name of the detail. */
const numbers: readonly (readonly [detail: string, family: Omit<Family, 'samples' | 'type'>])[] = [
  ['answered', { name: 'edge_health_workers_answered', help: 'Workers that answered' }],
  [
    'subscribers',
    { name: 'edge_health_workers_subscribed', help: 'Workers that are subscribed to their control queue' },
  ],
  ['heartbeat_age_seconds', ageFamily('edge_health_heartbeat_age_seconds', 'How old the heartbeat is')],
  [
    'oldest_seconds',
    ageFamily('edge_health_oldest_message_age_seconds', 'How long the oldest message waits'),
  ],
]

/**
 * Queues and workers as metrics, from the details of Celery, BullMQ and SQS checks. They name queues and say how large a
 * team's work is, so they are for callers with the token.
 */
export function workFamilies(results: readonly Result[]): Family[] {
  const counted = numbers.map(([detail, family]): Family => {
    return {
      ...family,
      type: 'gauge',
      samples: results.flatMap(({ checker, details }) => sampleOf({ check: checker }, details?.[detail])),
    }
  })
  const messages: Family = {
    name: 'edge_health_queue_messages',
    type: 'gauge',
    help: 'Messages that wait in a queue',
    samples: results.flatMap(({ checker, details }) => [
      ...Object.entries(details?.['backlog'] ?? {}).flatMap(([queue, count]) =>
        sampleOf({ check: checker, queue }, count),
      ),
      // A check of one queue is named after it.
      ...sampleOf({ check: checker, queue: checker }, details?.['waiting']),
    ]),
  }
  return [messages, ...counted]
}

function ageFamily(name: string, help: string): Omit<Family, 'samples' | 'type'> {
  return { name, help, unit: 'seconds' }
}

const sampleOf = (labels: Sample[0], value: unknown): Sample[] =>
  typeof value === 'number' && Number.isFinite(value) ? [[labels, value]] : []
