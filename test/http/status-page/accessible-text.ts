/** What a reader hears of a page, line by line: without tags, scripts, styles and what is hidden from them. */
export function accessibleText(page: string): string {
  return page
    .replace(/<style>.*?<\/style>|<div hidden>.*?<\/div>|<svg[^>]*aria-hidden="true".*?<\/svg>/gs, '')
    .replace(/<svg role="img" aria-label="([^"]*)".*?<\/svg>/gs, '[$1] ')
    .replace(/<ol class="b"[^>]*aria-label="([^"]*)"[^>]*>/g, '\n[$1]\n')
    .replace(/<(h\d|p|li|section|small|ol|ul|footer|header|main|figure|title|summary|pre)\b[^>]*>/g, '\n')
    .replace(/<a [^>]*href="([^"]*)"[^>]*>/g, '($1) ')
    .replace(/<[^>]+>/g, '')
    .replaceAll('&amp;', '&')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n')
}

/** Days that say the same one after the other are one line. */
export function withoutEqualDays(text: string): string {
  const day = /^(\d+\.? \p{L}+\.?): (.*)$/u
  const lines: string[] = []
  let first = ''
  for (const line of text.split('\n')) {
    const [, date = '', said] = day.exec(line) ?? []
    const last = lines.at(-1) ?? ''
    if (said !== undefined && last.endsWith(`: ${said}`) && first !== '') {
      lines[lines.length - 1] = `${first} to ${date}: ${said}`
    } else {
      lines.push(line)
      first = date
    }
  }
  return lines.join('\n')
}
