/** Longest name that is shown; what is longer comes from a phone that is not to be trusted. */
const MAX_NAME = 200

/**
 * What a phone said, made safe to show anywhere: control characters (escape codes among them) and marks that turn the
 * direction of the text become U+FFFD, line ends become spaces, and 200 characters are enough.
 */
export function visible(text: string): string {
  const head = text.slice(0, MAX_NAME).replace(/\s+/gu, ' ')
  const safe = head.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, '\uFFFD')
  return text.length > MAX_NAME ? `${safe}…` : safe
}

/** Text for HTML and SVG, in elements and in quoted attributes. */
export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

/** Text for Markdown, in tables too: no markup, no HTML, no link, no mention. */
export function escapeMarkdown(text: string): string {
  return escapeXml(text).replaceAll(/[\\`*_[\]|~@]/g, (mark) => `\\${mark}`)
}

/** Three significant figures: `143`, `52.1`, `1.80`, `0`. */
export function figure(value: number): string {
  const size = Math.abs(value)
  if (size === 0) return '0'
  return value.toFixed(size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2)
}

export function interval([lo, hi]: readonly [number, number]): string {
  return `${figure(lo)}–${figure(hi)}`
}
