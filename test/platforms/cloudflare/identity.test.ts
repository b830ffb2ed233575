import { describe, expect, it } from 'vitest'
import { platformIdentity } from '../../../src/platforms/cloudflare/identity.ts'

const requestOf = (ray: string | undefined, cf?: unknown): Request =>
  Object.assign(
    new Request('https://health.example/', { headers: ray === undefined ? {} : { 'cf-ray': ray } }),
    {
      cf,
    },
  )

describe('what Cloudflare says of who answers', () => {
  it.each<[string, string | undefined, unknown, string]>([
    ['CF-Ray', '230b030023ae2822-SJC', undefined, 'health-check/sjc'],
    ['CF-Ray before cf', '230b030023ae2822-SJC', { colo: 'FRA' }, 'health-check/sjc'],
    ['cf where CF-Ray has no data centre', '230b030023ae2822', { colo: 'FRA' }, 'health-check/fra'],
    ['cf where CF-Ray is something else', '230b-<script>', { colo: 'FRA' }, 'health-check/fra'],
    ['cf without CF-Ray', undefined, { colo: 'FRA' }, 'health-check/fra'],
    ['nothing, outside of Cloudflare', undefined, undefined, 'health-check'],
    ['nothing, of another type', undefined, { colo: 7 }, 'health-check'],
  ])('takes the data centre from %s', (_, ray, cf, hostname) => {
    expect(platformIdentity({}, requestOf(ray, cf))).toEqual({ hostname, release: undefined })
  })

  it('does not read cf, which workerd has to parse, where CF-Ray is enough', () => {
    const request = Object.defineProperty(new Request('https://health.example/'), 'cf', {
      get() {
        throw new Error('cf was read')
      },
    })
    expect(() => platformIdentity({}, request)).toThrow('cf was read')
    request.headers.set('cf-ray', '230b030023ae2822-SJC')
    expect(platformIdentity({}, request).hostname).toBe('health-check/sjc')
  })

  it.each([
    [{ id: 'version-id', tag: '4f2a91c' }, '4f2a91c'],
    [{ id: 'version-id', tag: '' }, 'version-id'],
    [{}, undefined],
    [undefined, undefined],
  ])('takes the release from the version %j', (metadata, release) => {
    expect(platformIdentity({ CF_VERSION_METADATA: metadata })).toEqual({ hostname: 'health-check', release })
  })
})
