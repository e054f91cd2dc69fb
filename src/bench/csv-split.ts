/** One record of a CSV text. */
export interface CsvRow {
  /** Line on which it starts, counted from 1. */
  readonly line: number
  readonly fields: readonly string[]
}

/**
 * Splits RFC 4180 text: quoted fields, CRLF or LF, a byte order mark, blank lines left out. Work is linear in the text.
 *
 * @throws what `fail` makes of the reason, for a quote that is not closed or stands inside a field
 */
export function splitCsv(text: string, fail: (why: string) => Error): CsvRow[] {
  const rows: CsvRow[] = []
  let at = text.startsWith('\uFEFF') ? 1 : 0
  let line = 1
  let fields: string[] = []
  let start = line
  while (at < text.length || fields.length > 0) {
    const end = fieldEnd(text, at)
    if (end === -1) throw fail(`line ${line}, field ${fields.length + 1}: a quote is not closed`)
    const raw = text.slice(at, end)
    const field = raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw
    fields.push(field)
    if (raw.startsWith('"')) line += countNewlines(raw)
    at = end
    if (text[at] === ',') {
      at += 1
      continue
    }
    if (at < text.length && text[at] !== '\r' && text[at] !== '\n') {
      throw fail(`line ${line}, field ${fields.length}: a quote stands inside a field, or text after one`)
    }
    at += text[at] === '\r' && text[at + 1] === '\n' ? 2 : 1
    if (fields.length > 1 || field !== '') rows.push({ line: start, fields })
    line += 1
    start = line
    fields = []
  }
  return rows
}

const PLAIN = /[^",\r\n]*/y

/** Where the field at `at` ends; -1 when its quote is never closed. */
function fieldEnd(text: string, at: number): number {
  if (text[at] !== '"') {
    const plain = new RegExp(PLAIN)
    plain.lastIndex = at
    plain.test(text)
    return plain.lastIndex
  }
  let quote = text.indexOf('"', at + 1)
  while (quote !== -1 && text[quote + 1] === '"') quote = text.indexOf('"', quote + 2)
  return quote === -1 ? -1 : quote + 1
}

function countNewlines(text: string): number {
  let count = 0
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1
  return count
}
