import { DalaError } from './errors.js'
import { clip } from './printable.js'

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

export interface DurationRange {
  /** What is being given, for the message and the flag: "duration", "interval". */
  readonly name: string
  /** One that can be used, for the message. */
  readonly example: string
  readonly minMs: number
  readonly maxMs: number
}

/**
 * Reads `90s`, `30m`, `1h30m`, `1.5h` as milliseconds; a number without a unit is refused as it could mean anything.
 *
 * @throws DalaError DALA_DURATION when it can't be read or lies outside the range
 */
export function parseDuration(text: string, { name, example, minMs, maxMs }: DurationRange): number {
  const fix = [`Give a number and a unit, such as 90s, 30m, 1h30m: --${name} ${example}`] as const
  const compact = text.trim().toLowerCase()
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(compact)) {
    throw new DalaError('DALA_DURATION', `Cannot read "${clip(text)}" as the ${name}`, { fix })
  }
  let total = 0
  for (const [, amount, unit] of compact.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    total += Number(amount) * (UNITS_MS[unit ?? ''] ?? Number.NaN)
  }
  if (!(total >= minMs && total <= maxMs)) {
    const range = `between ${formatDuration(minMs)} and ${formatDuration(maxMs)}`
    throw new DalaError('DALA_DURATION', `Cannot use "${clip(text)}" as the ${name} as it must be ${range}`, { fix })
  }
  return Math.round(total)
}

/** The two largest units, exact enough to read: `30 m`, `1 h 30 m`, `12 s`, `250 ms`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  const seconds = Math.round(ms / 1000)
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ] as const
  const first = parts.findIndex(([amount]) => amount > 0)
  return parts
    .slice(first, first + 2)
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(' ')
}
