// The part of AWS's Node runtime that asks the Runtime API for events and calls the handler
// (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html).
const { AWS_LAMBDA_RUNTIME_API, LAMBDA_TASK_ROOT, _HANDLER } = process.env
const api = `http://${AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime`
const [file, name] = _HANDLER.split(/\.(?=[^.]+$)/)
const report = (path, error) =>
  fetch(api + path, {
    method: 'POST',
    headers: { 'Lambda-Runtime-Function-Error-Type': error?.name ?? 'Error' },
    body: JSON.stringify({ errorType: error?.name, errorMessage: String(error?.message) }),
  })

let handler
try {
  handler = (await import(`${LAMBDA_TASK_ROOT}/${file}.mjs`))[name]
  if (typeof handler !== 'function') throw new Error(`${_HANDLER} is undefined or not exported`)
} catch (error) {
  await report('/init/error', error)
  process.exit(1)
}
for (;;) {
  const next = await fetch(`${api}/invocation/next`)
  const id = next.headers.get('lambda-runtime-aws-request-id')
  const event = await next.json()
  try {
    const answer = await handler(event, { awsRequestId: id })
    await fetch(`${api}/invocation/${id}/response`, { method: 'POST', body: JSON.stringify(answer ?? null) })
  } catch (error) {
    await report(`/invocation/${id}/error`, error)
  }
}
