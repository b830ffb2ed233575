import { createSecretRemover, type Scrub } from '../../core/scrub.ts'
import { redacted, removeSecretPatterns } from '../../core/secret-patterns.ts'

/** What the build tools of these names put into pages: everybody can read it. */
const publicNames = /^(?:NEXT_PUBLIC|NUXT_PUBLIC|EXPO_PUBLIC|PUBLIC|VITE|REACT_APP|GATSBY|STORYBOOK)_/

/** The shorter ones are words such as `production`. */
const shortestSecret = 9

/**
 * Removes secrets from what the project's code says and prints: the whole values of its `.env`, and what looks like a
 * credential. A public address stays, since the message is often about it.
 *
 * @param dotEnv variables of the project
 */
export function createProjectScrub(dotEnv: Readonly<Record<string, string>>): Scrub {
  const entries = Object.entries(dotEnv)
  const open = new Set(entries.flatMap(([name, value]) => (publicNames.test(name) ? [value] : [])))
  const secrets = entries.flatMap(([, value]) =>
    value.length < shortestSecret || open.has(value) || isOpenAddress(value) ? [] : [value],
  )
  const removeSecrets = createSecretRemover(secrets)
  return (text) =>
    removeSecrets(text)
      .split(anyAddress)
      .map((piece, index) => (index % 2 === 0 ? removeSecretPatterns(piece) : cleanAddress(piece)))
      .join('')
}

/** Every second piece of a text that is split by it is an address. */
const anyAddress = /(\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s"'<>]+)/i

const cleanAddress = (address: string) =>
  isOpenAddress(address) ? address : address.replace(/:\/\/.*$/s, `://${redacted}`)

/** Of the web, without a user, and without anything in its path or query that could be a key. */
function isOpenAddress(text: string): boolean {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return false
  const { username, password, pathname, searchParams } = new URL(text)
  const parts = [...pathname.split('/'), ...searchParams.values()]
  return username === '' && password === '' && !parts.some((part) => part.length >= 8 && /\d/.test(part))
}
