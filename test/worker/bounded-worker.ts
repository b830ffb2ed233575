import { boundedFetch } from '../../src/clients/bounded-fetch.ts'
import { CheckError } from '../../src/core/check.ts'

/** Fetches the URL that it is asked for, and says what came of it within half a second. */
export default {
  async fetch({ url }: Request): Promise<Response> {
    const target = new URL(url).searchParams.get('url') ?? ''
    try {
      const { text } = await boundedFetch(target, { signal: AbortSignal.timeout(500) })
      return Response.json({ text })
    } catch (error) {
      if (!(error instanceof CheckError)) throw error
      return Response.json({ code: error.code })
    }
  },
}
