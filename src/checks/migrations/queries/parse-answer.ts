import { Failure } from '../../../core/check.ts'

/** @throws {Failure} `wrong_answer` when the catalog question was not answered by JSON */
export function parseAnswer(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch (cause) {
    throw new Failure('wrong_answer', 'the catalog question was answered by something that is no JSON', {
      cause,
    })
  }
}
