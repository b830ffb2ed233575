/**
 * Whether the URL's host is this machine, so that plain http does not cross a network.
 *
 * @example
 * isLoopback(new URL('http://127.0.0.1:8787/health-check')) // true
 */
export const isLoopback = ({ hostname }: URL): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
