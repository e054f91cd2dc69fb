import type { Screen } from '../core/screen.js'
import { printable } from '../core/printable.js'

export type Row = readonly (string | null)[]

/**
 * Rows as text: aligned columns under a header on a terminal; when piped, tab-separated values without a header, never
 * truncated. Null is `-` on a terminal and empty when piped.
 */
export function renderTable(header: readonly string[], rows: readonly Row[], screen: Screen): string {
  if (!screen.isTTY) return rows.map((row) => `${row.map((cell) => printable(cell ?? '')).join('\t')}\n`).join('')
  const cells = [header, ...rows].map((row) => row.map((cell) => printable(cell ?? '-')))
  const widths = header.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  const lines = cells.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`
}
