import { CheckError } from '../../../core/check.ts'

/** @throws {CheckError} `wrong_answer` when the catalog question was not answered by JSON */
export function parseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch (cause) {
    throw new CheckError('wrong_answer', 'the catalog question was answered by something that is no JSON', {
      cause,
    })
  }
}
