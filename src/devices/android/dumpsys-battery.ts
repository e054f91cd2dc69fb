import { linesOf } from '../../core/lines.js'

/**
 * `dumpsys battery` as printed, before anything is judged: integers as they stand, temperature in its documented
 * tenths of a degree. Null where the line is missing or isn't what AOSP prints there.
 */
export interface BatteryDump {
  readonly acPowered: boolean | null
  readonly usbPowered: boolean | null
  readonly wirelessPowered: boolean | null
  readonly dockPowered: boolean | null
  /** µAh by contract; some vendors print other units (battery-plausible.ts). */
  readonly chargeCounter: number | null
  /** BatteryManager.BATTERY_STATUS_*, 1 to 5. */
  readonly status: number | null
  /** BatteryManager.BATTERY_HEALTH_*, 1 to 7. */
  readonly health: number | null
  readonly present: boolean | null
  readonly level: number | null
  readonly scale: number | null
  /** mV by contract. */
  readonly voltage: number | null
  /** Tenths of a degree Celsius by contract. */
  readonly temperature: number | null
  readonly technology: string | null
  /** `(UPDATES STOPPED -- use 'reset' to restart)`: `dumpsys battery set` or `unplug` froze every value. */
  readonly updatesStopped: boolean
  /** Samsung's own `charge counter`, printed below AOSP's; it marks Samsung's gauge. */
  readonly samsungCounter: number | null
}

/** No line of the block is longer; what comes after is of no interest and must not cost time. */
const MAX_LINE = 512
/** BatteryService.java `dumpInternal`. Vendors print blocks of their own: `Current OPLUS Battery Service state:`. */
const HEADER = 'Current Battery Service state:'
/** Where the block ends: another service's or vendor's block, Samsung's `[EventLogBuffer]`. */
const NEXT_BLOCK = /^\s*(?:Current .*state:|DUMP OF SERVICE |\[)/
/** Longer than any name of a field. */
const MAX_NAME = 48

/**
 * Reads the output of `dumpsys battery`. The first line of each name within AOSP's block counts: vendors repeat names
 * below it, in other cases and units. Never throws; linear in the input.
 *
 * @returns null when not one field of a battery is in the text (error messages, empty or foreign output)
 */
export function parseDumpsysBattery(text: string): BatteryDump | null {
  const fields = new Map<string, string>()
  let updatesStopped = false
  for (const line of blockLines(text)) {
    if (/^\s*\(UPDATES STOPPED\b/.test(line)) updatesStopped = true
    const colon = line.indexOf(':')
    const name = line.slice(0, Math.max(colon, 0)).trim()
    if (name !== '' && name.length <= MAX_NAME && !fields.has(name)) fields.set(name, line.slice(colon + 1))
  }
  const dump = readFields(fields, updatesStopped)
  const known = Object.values(dump).some((value) => value !== null && value !== false)
  return known || fields.has('AC powered') ? dump : null
}

/** The lines of AOSP's block; of the whole text when its header is missing (quoted and cut outputs). */
function* blockLines(text: string): Generator<string, void, undefined> {
  const header = text.indexOf(HEADER)
  const start = header === -1 ? 0 : header + HEADER.length
  let ending = false
  for (const line of linesOf(text, MAX_LINE, start)) {
    if (header !== -1 && NEXT_BLOCK.test(line)) return
    // AOSP's last field of every version is `technology`; behind it, what isn't indented belongs to somebody else.
    if (ending && /^\S/.test(line)) return
    yield line
    ending ||= header !== -1 && /^\s+technology\s*:/.test(line)
  }
}

function readFields(fields: ReadonlyMap<string, string>, updatesStopped: boolean): BatteryDump {
  return {
    acPowered: flag(fields.get('AC powered')),
    usbPowered: flag(fields.get('USB powered')),
    wirelessPowered: flag(fields.get('Wireless powered')),
    dockPowered: flag(fields.get('Dock powered')),
    chargeCounter: integer(fields.get('Charge counter')),
    status: integer(fields.get('status')),
    health: integer(fields.get('health')),
    present: flag(fields.get('present')),
    level: integer(fields.get('level')),
    scale: integer(fields.get('scale')),
    voltage: integer(fields.get('voltage')),
    temperature: integer(fields.get('temperature')),
    technology: word(fields.get('technology')),
    updatesStopped,
    samsungCounter: integer(fields.get('charge counter')),
  }
}

/** The value before a remark that a person or a tool added: `34 # level`, `73 // percent`. */
function value(text: string | undefined): string | null {
  if (text === undefined) return null
  const remark = ` ${text}`.search(/\s(?:#|\/\/)/)
  const bare = (remark === -1 ? text : text.slice(0, remark)).trim()
  return bare === '' ? null : bare
}

function integer(text: string | undefined): number | null {
  const bare = value(text)
  if (bare === null || !/^[-+]?\d{1,16}$/.test(bare)) return null
  const number = Number(bare)
  return Number.isSafeInteger(number) ? number : null
}

function flag(text: string | undefined): boolean | null {
  const bare = value(text)
  return bare === 'true' ? true : bare === 'false' ? false : null
}

function word(text: string | undefined): string | null {
  const bare = value(text)
  // Printable and short, or it isn't the name of a battery's chemistry.
  return bare !== null && /^[\p{L}\p{N}\p{P}\p{S} ]{1,64}$/u.test(bare) ? bare : null
}
