import { DalaError } from '../core/errors.js'
import { clip } from '../core/printable.js'
import { LIVENESS, type Liveness, type Sample } from './types.js'
import { splitCsv, type CsvRow } from './csv-split.js'

/** The columns of samples.csv, in its order (ARCHITECTURE section 4). */
export const SAMPLE_COLUMNS = [
  'elapsed_s',
  'wall_time',
  'device_uptime_s',
  'level_pct',
  'charge_counter_uah',
  'current_ua',
  'voltage_mv',
  'temperature_c',
  'charging',
  'screen',
  'liveness',
  'rtt_ms',
  'source',
] as const
type Column = (typeof SAMPLE_COLUMNS)[number]

const COLUMNS: ReadonlySet<string> = new Set(SAMPLE_COLUMNS)
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,2})?$/i
/** `2026-01-05T00:00:00.000Z`: what Date.parse() makes of other texts ("5" is a month) is a guess. */
const ISO_TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/i
const TEN_YEARS_S = 315_576_000
/** What each number can be in a phone at all; beyond it, it is another unit or a slip, and no measurement. */
const RANGES = {
  elapsed_s: [0, TEN_YEARS_S],
  device_uptime_s: [0, TEN_YEARS_S],
  level_pct: [0, 100],
  charge_counter_uah: [-1e9, 1e9],
  current_ua: [-1e9, 1e9],
  voltage_mv: [0, 20_000],
  temperature_c: [-40, 120],
  rtt_ms: [0, 1e9],
} as const satisfies Partial<Record<Column, readonly [number, number]>>
const FIX = [`Give comma-separated text with a header line: ${SAMPLE_COLUMNS.join(',')}`] as const

/** samples.csv (RFC 4180, CRLF): a header and a line a sample; an empty field is "not measured". */
export function formatSamplesCsv(samples: readonly Sample[]): string {
  return [SAMPLE_COLUMNS.join(','), ...samples.map(formatSample), ''].join('\r\n')
}

/** One line of samples.csv, without its line end. */
export function formatSample(sample: Sample): string {
  const fields: readonly (string | number | boolean | null)[] = [
    sample.elapsedS,
    sample.wallTime,
    sample.deviceUptimeS,
    sample.levelPct,
    sample.chargeCounterUah,
    sample.currentUa,
    sample.voltageMv,
    sample.temperatureC,
    sample.charging,
    sample.screen,
    sample.liveness,
    sample.rttMs,
    sample.source,
  ]
  return fields.map((field) => quote(field === null ? '' : String(field))).join(',')
}

function quote(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field
}

/**
 * Reads samples.csv, ours or from elsewhere: columns in any order, missing ones are unmeasured, unknown ones ignored.
 * Without `elapsed_s` the time is taken from `device_uptime_s`, otherwise from `wall_time`.
 *
 * @param name what the text is called in messages, e.g. its path
 * @throws DalaError DALA_RUN_UNREADABLE, with line and column
 */
export function parseSamplesCsv(text: string, name: string): Sample[] {
  const fail = (why: string): DalaError =>
    new DalaError('DALA_RUN_UNREADABLE', `Cannot read ${name} as samples: ${why}`, { fix: FIX })
  if (text.slice(0, 65_536).includes('\0')) throw fail('it is not text')
  const rows = splitCsv(text, fail)
  const header = rows[0]
  if (header === undefined) throw fail('it is empty')
  const index = indexColumns(header, fail)
  const samples = rows.slice(1).map((row) => {
    if (row.fields.length !== header.fields.length) {
      throw fail(`line ${row.line} has ${row.fields.length} fields where the header has ${header.fields.length}`)
    }
    return parseRow({ row, index, fail })
  })
  return withElapsed(samples, rows, fail)
}

type Fail = (why: string) => DalaError

function indexColumns(header: CsvRow, fail: Fail): ReadonlyMap<string, number> {
  const index = new Map<string, number>()
  header.fields.forEach((field, column) => {
    const name = field.trim().toLowerCase()
    if (!COLUMNS.has(name)) return
    if (index.has(name)) throw fail(`line 1 has two columns ${name}`)
    index.set(name, column)
  })
  if (!index.has('level_pct') && !index.has('charge_counter_uah')) {
    const hint =
      header.fields.length === 1 && /[;\t]/.test(header.fields[0] ?? '')
        ? '; its fields are not separated by commas'
        : ''
    throw fail(`line 1 names neither level_pct nor charge_counter_uah${hint}`)
  }
  return index
}

interface RowContext {
  readonly row: CsvRow
  readonly index: ReadonlyMap<string, number>
  readonly fail: Fail
}

/** A sample whose elapsed time may still have to be found. */
type Timeless = Omit<Sample, 'elapsedS'> & { readonly elapsedS: number | null }

function parseRow(context: RowContext): Timeless {
  const text = (column: Column): string | null => {
    const at = context.index.get(column)
    const field = at === undefined ? '' : (context.row.fields[at] ?? '').trim()
    return field === '' ? null : field
  }
  const bad = (column: Column, value: string, wanted: string): DalaError =>
    context.fail(`line ${context.row.line}, column ${column}: "${clip(value)}" is not ${wanted}`)
  const number = (column: keyof typeof RANGES): number | null => {
    const value = text(column)
    if (value === null) return null
    if (!NUMBER.test(value)) throw bad(column, value, 'a number')
    const [least, most] = RANGES[column]
    if (Number(value) < least || Number(value) > most) throw bad(column, value, `between ${least} and ${most}`)
    return Number(value)
  }
  const oneOf = <T>(column: Column, values: ReadonlyMap<string, T>): T | null => {
    const value = text(column)
    const known = value === null ? null : values.get(value.toLowerCase())
    if (known === undefined) throw bad(column, value ?? '', `one of ${[...values.keys()].join(', ')}`)
    return known
  }
  const wallTime = text('wall_time')
  if (wallTime !== null && !isIsoTime(wallTime)) throw bad('wall_time', wallTime, 'an ISO 8601 time with its zone')
  return {
    elapsedS: number('elapsed_s'),
    wallTime,
    deviceUptimeS: number('device_uptime_s'),
    levelPct: number('level_pct'),
    chargeCounterUah: number('charge_counter_uah'),
    currentUa: number('current_ua'),
    voltageMv: number('voltage_mv'),
    temperatureC: number('temperature_c'),
    charging: oneOf('charging', BOOLEANS),
    screen: oneOf('screen', SCREENS),
    liveness: oneOf('liveness', LIVENESSES),
    rttMs: number('rtt_ms'),
    source: text('source'),
  }
}

function isIsoTime(text: string): boolean {
  return ISO_TIME.test(text) && !Number.isNaN(Date.parse(text))
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
  ['1', true],
  ['0', false],
])
const SCREENS: ReadonlyMap<string, 'on' | 'off'> = new Map([
  ['on', 'on'],
  ['off', 'off'],
])
const LIVENESSES: ReadonlyMap<string, Liveness> = new Map(LIVENESS.map((state) => [state, state]))

function withElapsed(samples: readonly Timeless[], rows: readonly CsvRow[], fail: Fail): Sample[] {
  const uptime0 = samples.find((sample) => sample.deviceUptimeS !== null)?.deviceUptimeS ?? null
  const wall0 = samples.find((sample) => sample.wallTime !== null)?.wallTime ?? null
  return samples.map((sample, row) => {
    const elapsedS = sample.elapsedS ?? since(uptime0, sample.deviceUptimeS) ?? sinceWall(wall0, sample.wallTime)
    const line = `line ${rows[row + 1]?.line ?? 0}`
    if (elapsedS === null) throw fail(`${line} has none of elapsed_s, device_uptime_s and wall_time`)
    if (Math.abs(elapsedS) > TEN_YEARS_S) throw fail(`${line}, column wall_time: it is years from the first`)
    return { ...sample, elapsedS }
  })
}

function since(origin: number | null, now: number | null): number | null {
  return origin === null || now === null ? null : now - origin
}

function sinceWall(origin: string | null, now: string | null): number | null {
  return origin === null || now === null ? null : (Date.parse(now) - Date.parse(origin)) / 1000
}
