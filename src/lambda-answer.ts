import { refuse } from './writer.ts'

/** What Lambda sends back for a request. */
export interface LambdaAnswer {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly isBase64Encoded: boolean
}

/** The answer to an event that the app cannot be asked by. */
export const notOurs = (found: string): Response => refuse(400, 'bad_request', `this is ${found}`)

export async function toAnswer(response: Response): Promise<LambdaAnswer> {
  return {
    statusCode: response.status,
    headers: Object.fromEntries(response.headers),
    body: await response.text(),
    isBase64Encoded: false,
  }
}
