import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, type TLSSocket } from 'node:tls'

/** A certificate for `localhost` that signed itself, and its key; both PEM. */
export interface Certificate {
  readonly certificate: string
  readonly key: string
}

/** `https://localhost` in front of an HTTP server of this machine. */
export interface TlsFront {
  readonly url: string
  /** Shows another certificate from the next connection on; those that are open are cut. */
  present(certificate: Certificate): void
  close(): Promise<void>
}

/** Makes a new certificate with OpenSSL; a client accepts it when it gets it as its authority. */
export function makeCertificate(): Certificate {
  const directory = mkdtempSync(join(tmpdir(), 'health-tls-'))
  const file = (name: string) => join(directory, name)
  try {
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
        ...['-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'],
        ...['-keyout', file('key.pem'), '-out', file('certificate.pem')],
      ],
      { stdio: 'pipe' },
    )
    return {
      certificate: readFileSync(file('certificate.pem'), 'utf8'),
      key: readFileSync(file('key.pem'), 'utf8'),
    }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** @param target URL of the server behind; its path is kept */
export async function startTlsFront(target: string, first: Certificate): Promise<TlsFront> {
  const { hostname, port, pathname } = new URL(target)
  const sockets = new Set<TLSSocket>()
  const contextOf = ({ certificate, key }: Certificate) => ({ cert: certificate, key })
  const server = createServer(contextOf(first), (socket) => {
    sockets.add(socket)
    const behind = connect(Number(port), hostname)
    const end = () => {
      sockets.delete(socket)
      socket.destroy()
      behind.destroy()
    }
    for (const side of [socket, behind]) side.on('error', end).on('close', end)
    socket.pipe(behind).pipe(socket)
  })
  // A client that does not like the certificate hangs up.
  server.on('tlsClientError', () => {})
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  const { port: ownPort } = server.address() as AddressInfo
  return {
    url: `https://localhost:${ownPort}${pathname === '/' ? '' : pathname}`,
    present(certificate) {
      server.setSecureContext(contextOf(certificate))
      for (const socket of sockets) socket.destroy()
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
