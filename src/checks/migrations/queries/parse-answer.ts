import { CheckError } from '../../../core/check.ts'

/** @throws {CheckError} `wrong_answer` when the catalog query was not answered by JSON */
export function parseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch (cause) {
    throw new CheckError('wrong_answer', 'the catalog query was answered by something that is not JSON', {
      cause,
    })
  }
}
