import type { Environment } from '../../config/config.ts'
import type { Identity } from '../../core/report.ts'

/** The part of `IncomingRequestCfProperties` that is used here. */
interface CloudflareProperties {
  /** The data centre that took the request, `FRA`. */
  readonly colo?: unknown
}

/** `[version_metadata] binding = "CF_VERSION_METADATA"` of wrangler.toml. */
interface VersionMetadata {
  readonly id?: string
  readonly tag?: string
}

/**
 * What Cloudflare says of who answers: the data centre of this request as the hostname, and the tag of the Worker's version,
 * or its id, as the release. With Smart Placement one isolate answers for many data centres.
 *
 * Sources: https://developers.cloudflare.com/workers/runtime-apis/request/#incomingrequestcfproperties,
 * https://developers.cloudflare.com/workers/runtime-apis/bindings/version-metadata/.
 *
 * @param request none in a cron run, which has no data centre of its own
 * @example
 * platformIdentity(environment, request) // { hostname: 'health-check/fra', release: '4f2a91c' }
 */
export function platformIdentity(environment: Environment, request?: Request): Identity {
  const { tag, id } = (environment['CF_VERSION_METADATA'] ?? {}) as VersionMetadata
  const colo = coloOf(request)
  return {
    hostname: colo ? `health-check/${colo.toLowerCase()}` : 'health-check',
    release: tag || id || undefined,
  }
}

type IncomingRequest = Request & { readonly cf?: CloudflareProperties }

/**
 * The end of CF-Ray, `230b030023ae2822-SJC`, which Cloudflare writes over whatever a client sent
 * (https://developers.cloudflare.com/fundamentals/reference/http-headers/#cf-ray). `cf` says the same, but workerd then
 * parses all that the edge knows of the client, which costs a fifth of an answer from the cache.
 */
function coloOf(request: IncomingRequest | undefined): string | undefined {
  const ray = request?.headers.get('cf-ray')
  const [, colo = request?.cf?.colo] = /^[0-9a-f]+-([A-Z]{3})$/.exec(ray ?? '') ?? []
  return typeof colo === 'string' ? colo : undefined
}
