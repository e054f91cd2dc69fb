import { linesOf } from '../../core/lines.js'
import type { DeviceInfo } from '../types.js'
import { BATTERY, parseBattery, parseUptime, parseWakefulness, UPTIME, WAKEFULNESS } from './observation.js'
import { sectionCommand, splitSections, wholeLines, type Section } from './sections.js'

/** The one property that tells a virtual phone from a real one: how many phone seconds pass in a host second. */
const SIMULATED = 'ro.dala.simulated_time_scale'

/** What a virtual phone can be started with; a phone that says anything else is not one of ours. */
const TIME_SCALE = { min: 1, max: 3600 } as const

const PARTS: readonly Section[] = [
  { name: 'props', command: 'getprop' },
  UPTIME,
  // Changes with every boot (random(4)); denied to shell on some phones.
  { name: 'boot', command: 'cat /proc/sys/kernel/random/boot_id' },
  { name: 'kernel', command: 'uname -r' },
  // Settings.Global.LOW_POWER_MODE.
  { name: 'saver', command: 'settings get global low_power' },
  WAKEFULNESS,
  BATTERY,
]

/** The command line that asks all of `DeviceInfo` in one round trip. */
export const INFO_COMMAND = sectionCommand(PARTS)

/** Reads the answer to `INFO_COMMAND`. Total: what the phone did not say is null. */
export function parseInfo(id: string, text: string): DeviceInfo {
  const parts = splitSections(
    text,
    PARTS.map(({ name }) => name),
  )
  const part = (name: string): string | null => {
    const output = parts.get(name)
    return output === undefined ? null : wholeLines(output)
  }
  const props = parseProps(part('props') ?? '')
  const prop = (name: string): string | null => props.get(name) ?? null
  const saver = part('saver')?.trim()
  return {
    id,
    serial: prop('ro.serialno'),
    platform: 'android',
    model: prop('ro.product.model'),
    manufacturer: prop('ro.product.manufacturer'),
    product: prop('ro.product.name'),
    osVersion: prop('ro.build.version.release'),
    apiLevel: wholeNumber(prop('ro.build.version.sdk')),
    build: prop('ro.build.fingerprint') ?? prop('ro.build.display.id'),
    abi: prop('ro.product.cpu.abi'),
    kernel: /^\d\S{0,120}$/.exec(part('kernel')?.trim() ?? '')?.[0] ?? null,
    bootId: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.exec(part('boot')?.trim() ?? '')?.[0] ?? null,
    uptimeS: parseUptime(part(UPTIME.name)),
    screen: parseWakefulness(part(WAKEFULNESS.name)),
    powerSaver: saver === '1' ? true : saver === '0' ? false : null,
    simulated: simulatedOf(prop(SIMULATED)),
    battery: parseBattery(part(BATTERY.name)),
  }
}

/** `[name]: [value]` lines of getprop; the lines of a value that spans several are left out, an empty value too. */
export function parseProps(text: string): ReadonlyMap<string, string> {
  const props = new Map<string, string>()
  for (const line of linesOf(text, 1024)) {
    const middle = line.indexOf(']: [')
    if (!line.startsWith('[') || middle === -1 || !line.endsWith(']')) continue
    const value = line.slice(middle + 4, -1).trim()
    if (value !== '') props.set(line.slice(1, middle), value)
  }
  return props
}

function wholeNumber(text: string | null): number | null {
  return text !== null && /^\d{1,6}$/.test(text) ? Number(text) : null
}

function simulatedOf(text: string | null): DeviceInfo['simulated'] {
  if (text === null || !/^\d{1,9}(?:\.\d{1,9})?$/.test(text)) return null
  const timeScale = Number(text)
  return timeScale >= TIME_SCALE.min && timeScale <= TIME_SCALE.max ? { timeScale } : null
}
