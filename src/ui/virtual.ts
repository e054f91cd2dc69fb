import type { Screen } from '../core/screen.js'
import type { VirtualPhone } from '../devices/virtual/registry.js'
import { renderTable } from './table.js'

const HEADER = ['ID', 'ADDRESS', 'PROFILE', 'TIME', 'SERIAL', 'PID'] as const

export function renderVirtual(phones: readonly VirtualPhone[], screen: Screen): string {
  if (phones.length === 0 && screen.isTTY) return 'No virtual phone runs. Start one: dala virtual start --detach\n'
  const rows = phones.map((phone) => [
    phone.id,
    phone.address,
    phone.profile,
    `x${phone.timeScale}`,
    phone.serial,
    String(phone.pid),
  ])
  return renderTable(HEADER, rows, screen)
}

/** docs/json.md, `virtual-devices`. */
export function virtualJson(phones: readonly VirtualPhone[]): object {
  const devices = phones.map(({ id, platform, serial, profile, address, timeScale, pid }) => ({
    id,
    platform,
    serial,
    profile,
    address,
    timeScale,
    pid,
  }))
  return { kind: 'virtual-devices', version: 1, devices }
}
