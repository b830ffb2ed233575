import { CheckError } from '../core/check.ts'

/**
 * A connection over TCP was closed after a command was sent and before its answer came. The command may have been done all the
 * same, so only what does no harm when it is done twice may be sent again.
 */
export class ConnectionClosed extends CheckError {
  constructor() {
    super('unreachable', 'the connection was closed before an answer came')
  }
}
