import { boundedFetch } from '../../src/clients/bounded-fetch.ts'
import { CheckError } from '../../src/core/check.ts'

/** Fetches the URL that it is asked for, and says what came of it within so many ms. */
export default {
  async fetch({ url }: Request): Promise<Response> {
    const { searchParams } = new URL(url)
    const target = searchParams.get('url') ?? ''
    const signal = AbortSignal.timeout(Number(searchParams.get('ms')))
    try {
      const { text } = await boundedFetch(target, { signal })
      return Response.json({ text })
    } catch (error) {
      if (!(error instanceof CheckError)) throw error
      return Response.json({ code: error.code })
    }
  },
}
