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
