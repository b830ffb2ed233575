import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LambdaResponse } from '../../src/platforms/lambda/answer.ts'
import { bundleOwnLambda } from '../../src/release/own-lambda.ts'
import { requestEvent } from '../lambda/events.ts'
import { startLambda } from '../servers/lambda-runtime.ts'
import { describeAnswers } from './cases.ts'

describeAnswers('the Lambda function under the Runtime API', async (environment) => {
  const directory = mkdtempSync(join(tmpdir(), 'health-blackbox-'))
  await bundleOwnLambda(directory)
  const lambda = await startLambda(directory, environment)
  // An instance of a function has one event at a time.
  let turn: Promise<unknown> = Promise.resolve()
  return {
    send(path, init) {
      const answered = turn.then(async () => {
        const { answer, error } = await lambda.invoke(requestEvent(path, init))
        if (!answer) throw new Error(`the handler threw: ${error?.errorMessage}`)
        const { statusCode, headers, body } = answer as LambdaResponse
        return new Response(body, { status: statusCode, headers })
      })
      turn = answered.catch(() => {})
      return answered
    },
    async close() {
      await lambda.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
})
