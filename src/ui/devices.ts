import { formatDuration } from '../core/duration.js'
import { printable } from '../core/printable.js'
import type { Screen } from '../core/screen.js'
import type { DescribedDevice, SourceProblem } from '../devices/hub.js'
import type { BatteryReading } from '../devices/types.js'
import { renderTable } from './table.js'

const HEADER = ['ID', 'STATE', 'LINK', 'MODEL', 'ANDROID', 'ABI', 'BATTERY', 'SERIAL'] as const

interface Found {
  readonly devices: readonly DescribedDevice[]
  readonly problems: readonly SourceProblem[]
}

/** The result of `dala devices`: one row a phone. */
export function renderDevices(devices: readonly DescribedDevice[], screen: Screen): string {
  if (devices.length === 0) return ''
  const rows = devices.map(({ device, info }) => [
    device.id,
    device.state.name,
    [...new Set(device.links.map(({ transport }) => transport))].join('+'),
    info?.model ?? device.hints['model']?.replaceAll('_', ' ') ?? null,
    info?.osVersion ?? null,
    info?.abi ?? null,
    info?.battery == null ? null : batteryLine(info.battery),
    info?.serial ?? null,
  ])
  return renderTable(HEADER, rows, screen)
}

/** What to do about phones that can't be used, and why a source listed nothing; for stderr. */
export function renderNotes({ devices, problems }: Found): string {
  const lines: string[] = []
  for (const { device } of devices) {
    const { cause, fix } = device.state
    if (cause !== null) lines.push(`${device.id}: ${cause}`)
    if (fix !== null) lines.push(`  try: ${fix}`)
  }
  if (devices.length === 0) lines.push('No phones found. Start a virtual one: dala virtual start --detach')
  // No adb server is worth a word only to somebody who misses a phone.
  for (const { absent, message, fix } of problems) {
    if (!absent || devices.length === 0) lines.push(message, ...fix.map((line) => `  try: ${line}`))
  }
  return lines.map((line) => `${printable(line)}\n`).join('')
}

/** docs/json.md, `devices`. */
export function devicesJson({ devices, problems }: Found): object {
  return { kind: 'devices', version: 1, devices: devices.map(deviceJson), problems }
}

/** Always with the same keys: what a phone that can't be asked did not say is null. */
export function deviceJson({ device, info }: DescribedDevice): object {
  const { id, platform, state, links, hints } = device
  return {
    id,
    serial: info?.serial ?? null,
    platform,
    state,
    links,
    model: info?.model ?? hints['model']?.replaceAll('_', ' ') ?? null,
    manufacturer: info?.manufacturer ?? null,
    product: info?.product ?? hints['product'] ?? null,
    osVersion: info?.osVersion ?? null,
    apiLevel: info?.apiLevel ?? null,
    build: info?.build ?? null,
    abi: info?.abi ?? null,
    kernel: info?.kernel ?? null,
    bootId: info?.bootId ?? null,
    uptimeS: info?.uptimeS ?? null,
    screen: info?.screen ?? null,
    powerSaver: info?.powerSaver ?? null,
    simulated: info?.simulated ?? null,
    battery: info?.battery ?? null,
  }
}

/** One phone in full, a line a fact. */
export function renderInfo({ device, info }: DescribedDevice): string {
  if (info === null) return `${printable(device.id)}: ${device.state.detail}`
  const battery = info.battery
  const facts: readonly (readonly [string, string | number | null | undefined])[] = [
    ['Serial', info.serial],
    ['Model', [info.manufacturer, info.model].filter((name) => name !== null).join(' ')],
    ['Product', info.product],
    ['Simulated', info.simulated === null ? 'no' : `yes, x${info.simulated.timeScale}`],
    ['Android', info.apiLevel === null ? info.osVersion : `${info.osVersion} (API ${info.apiLevel})`],
    ['Build', info.build],
    ['ABI', info.abi],
    ['Kernel', info.kernel],
    ['Uptime', info.uptimeS === null ? null : formatDuration(info.uptimeS * 1000)],
    ['Screen', info.screen],
    ['Power saver', info.powerSaver === null ? null : info.powerSaver ? 'on' : 'off'],
    ['Links', device.links.map(({ transport, via, address }) => `${transport} ${address} (${via})`).join(', ')],
    ['Battery', battery === null ? null : batteryLine(battery)],
    ['Charge counter', battery?.chargeCounterUah == null ? null : `${battery.chargeCounterUah / 1000} mAh`],
    ['Voltage', battery?.voltageMv == null ? null : `${battery.voltageMv} mV`],
    ['Temperature', battery?.temperatureC == null ? null : `${battery.temperatureC} °C`],
    ['Health', battery?.health],
    ['Technology', battery?.technology],
  ]
  const width = Math.max(...facts.map(([name]) => name.length))
  return facts.map(([name, value]) => `${name.padEnd(width)}  ${printable(String(value ?? 'unknown'))}`).join('\n')
}

function batteryLine({ levelPct, status, plugged, updatesStopped }: BatteryReading): string {
  const sources = Object.entries(plugged).flatMap(([name, on]) => (on === true ? [name] : []))
  const parts = [levelPct === null ? 'level unknown' : `${levelPct} %`]
  if (sources.length > 0) parts.push(`powered by ${sources.join('+')}`)
  else if (status !== null && status !== 'unknown') parts.push(status.replace('_', ' '))
  if (updatesStopped) parts.push('frozen')
  return parts.join(', ')
}
