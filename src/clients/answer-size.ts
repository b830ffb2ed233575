import { CheckError } from '../core/check.ts'

/** The largest answer that is read from any dependency, in bytes. A larger one is a wrong answer. */
export const maxAnswerBytes = 1024 * 1024

export const answerTooLarge = (): CheckError =>
  new CheckError('wrong_answer', `the answer is larger than ${maxAnswerBytes} bytes`)
