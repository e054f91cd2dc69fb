import { describe, expect, it } from 'vitest'
import { VirtualBattery } from './battery.js'
import { formatBatteryDump } from './dump.js'
import { MOTO_G_BATTERY } from './profiles.js'
import { BatteryService } from './service.js'

function start(): { battery: VirtualBattery; service: BatteryService; plugged: boolean[] } {
  const plugged: boolean[] = []
  const battery = new VirtualBattery({
    profile: MOTO_G_BATTERY,
    seed: 1,
    startUptimeS: 0,
    conditionsAt: () => ({ workload: 'native', screenOn: false, dozing: false }),
  })
  return { battery, service: new BatteryService(battery, (is) => plugged.push(is)), plugged }
}

describe('the battery service', () => {
  it('freezes the whole copy at the first set, until reset', () => {
    const { battery, service } = start()
    expect(service.set('ac', '1')).toBe('set')
    const frozen = service.copy
    expect(frozen).toMatchObject({ acOnline: true, levelPct: 94, status: 3 })
    battery.advanceTo(10 * 3600)
    expect(service.copy).toBe(frozen)
    expect(service.updatesStopped).toBe(true)
    service.reset()
    expect(service.updatesStopped).toBe(false)
    expect(service.copy.acOnline).toBe(false)
    expect(service.copy.levelPct).toBeLessThan(90)
  })

  it('unplugs the copy and not the phone', () => {
    const { battery, service } = start()
    battery.setCharger('usb')
    const before = battery.truth().chargeMah
    service.unplug()
    expect(service.copy).toMatchObject({ usbOnline: false, status: 2 })
    battery.advanceTo(3600)
    expect(battery.truth().chargeMah).toBeGreaterThan(before)
    service.reset()
    expect(service.copy.usbOnline).toBe(true)
  })

  it('leaves the copy alone for an unknown key or a value that is not a number', () => {
    const { service } = start()
    expect(service.set('colour', '1')).toBe('unknown_key')
    expect(service.set('level', 'half')).toBe('bad_value')
    expect(service.updatesStopped).toBe(false)
  })

  it('tells what it believes of the charger, as Doze goes by that', () => {
    const { service, plugged } = start()
    service.set('usb', '1')
    service.unplug()
    service.reset()
    expect(plugged).toEqual([true, false, false])
  })

  it('prints the lines of each Android version', () => {
    const { service } = start()
    const keys = (apiLevel: number): number =>
      formatBatteryDump(service.copy, { apiLevel, updatesStopped: false }).split('\n').length
    expect([28, 33, 34, 36].map(keys)).toEqual([16, 17, 19, 23])
  })

  it('prints the dump that real phones print', () => {
    const { service } = start()
    service.unplug()
    expect(formatBatteryDump(service.copy, { apiLevel: 34, updatesStopped: service.updatesStopped })).toBe(
      `Current Battery Service state:
  (UPDATES STOPPED -- use 'reset' to restart)
  AC powered: false
  USB powered: false
  Wireless powered: false
  Dock powered: false
  Max charging current: 0
  Max charging voltage: 0
  Charge counter: 4725000
  status: 3
  health: 2
  present: true
  level: 94
  scale: 100
  voltage: 4303
  temperature: 250
  technology: Li-ion
  Charging state: 0
  Charging policy: 0
`,
    )
  })
})
