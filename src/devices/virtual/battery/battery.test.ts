import { describe, expect, it } from 'vitest'
import { VirtualBattery, cellCurrentMa, type Conditions } from './battery.js'
import { openCircuitVoltageV } from './cell.js'
import { SCREEN_ON_EXTRA_MA, meanLoadMa } from './load.js'
import {
  MOTO_E_BATTERY,
  MOTO_G_BATTERY,
  PIXEL_8PRO_BATTERY,
  REDMI_MAH_BATTERY,
  SAMSUNG_A35_BATTERY,
  type BatteryProfile,
} from './profiles.js'

const RESTING: Conditions = { workload: 'native', screenOn: false, dozing: false }

function batteryOf(profile: BatteryProfile, { seed = 1, conditions = RESTING } = {}): VirtualBattery {
  return new VirtualBattery({ profile, seed, startUptimeS: 0, conditionsAt: () => conditions })
}

/** The counter at every poll, each value once. */
function counters(battery: VirtualBattery, hours: number, pollS = 10): number[] {
  const seen: number[] = []
  for (let uptimeS = 0; uptimeS <= hours * 3600; uptimeS += pollS) {
    battery.advanceTo(uptimeS)
    const { counter } = battery.cached
    if (counter !== null && counter !== seen.at(-1)) seen.push(counter)
  }
  return seen
}

function steps(values: readonly number[]): Set<number> {
  return new Set(values.slice(1).map((value, index) => (values[index] ?? 0) - value))
}

describe('a virtual battery', () => {
  it.each([
    ['moto-e-32', MOTO_E_BATTERY],
    ['moto-g-64', MOTO_G_BATTERY],
    ['samsung-a35', SAMSUNG_A35_BATTERY],
  ])('drains at the profile of %s in the long run', (_name, profile) => {
    const battery = batteryOf(profile, { seed: 11 })
    battery.advanceTo(20 * 3600)
    const meanMa = battery.truth().drainedMah / 20
    expect(meanMa / profile.load.screenOffMa.native).toBeGreaterThan(0.96)
    expect(meanMa / profile.load.screenOffMa.native).toBeLessThan(1.04)
  })

  it('moves the Moto E counter in steps of one percent of full', () => {
    const values = counters(batteryOf(MOTO_E_BATTERY), 6)
    expect(values[0]).toBe(98 * 28_918)
    expect([...steps(values)]).toEqual([28_918])
  })

  it('moves the Samsung counter in steps of 5000 µAh', () => {
    const values = counters(batteryOf(SAMSUNG_A35_BATTERY), 6)
    expect(values.length).toBeGreaterThan(30)
    expect([...steps(values)]).toEqual([5000])
  })

  it('moves the Pixel counter in multiples of 1000 µAh', () => {
    const values = counters(batteryOf(PIXEL_8PRO_BATTERY), 2)
    expect(values.every((value) => value % 1000 === 0)).toBe(true)
    expect(values.length).toBeGreaterThan(30)
  })

  it('prints the Redmi counter in mAh', () => {
    const values = counters(batteryOf(REDMI_MAH_BATTERY), 1)
    expect(values[0]).toBe(4272)
    expect([...steps(values)].every((step) => step >= 1 && step <= 3)).toBe(true)
  })

  it('keeps its reading between two refreshes', () => {
    const battery = batteryOf(MOTO_G_BATTERY)
    battery.advanceTo(600)
    const first = battery.cached
    battery.advanceTo(600 + 59)
    expect(battery.cached).toBe(first)
    battery.advanceTo(600 + 60)
    expect(battery.cached.takenAtUptimeS).toBe(660)
  })

  it('refreshes at the slow period while dozing', () => {
    const battery = batteryOf(MOTO_G_BATTERY, { conditions: { ...RESTING, dozing: true } })
    battery.advanceTo(899)
    expect(battery.cached.takenAtUptimeS).toBe(0)
    battery.advanceTo(900)
    expect(battery.cached.takenAtUptimeS).toBe(900)
  })

  it('refreshes when the level moves only where the driver raises a uevent', () => {
    const ages = (profile: BatteryProfile): number[] => {
      const battery = batteryOf(profile, { conditions: { ...RESTING, screenOn: true } })
      battery.advanceTo(4 * 3600)
      return [battery.cached.takenAtUptimeS % profile.refresh.periodicS]
    }
    expect(ages(SAMSUNG_A35_BATTERY)).toEqual([0])
    expect(ages(PIXEL_8PRO_BATTERY)).not.toEqual([0])
  })

  it('is the same for the same seed and another for another', () => {
    const run = (seed: number): number => {
      const battery = batteryOf(MOTO_G_BATTERY, { seed })
      battery.advanceTo(3600)
      return battery.truth().chargeMah
    }
    expect(run(5)).toBe(run(5))
    expect(run(5)).not.toBe(run(6))
  })

  it('does not depend on how often it is asked', () => {
    const once = batteryOf(MOTO_G_BATTERY)
    once.advanceTo(5000)
    const often = batteryOf(MOTO_G_BATTERY)
    for (let uptimeS = 0.3; uptimeS < 5000; uptimeS += 0.7) often.advanceTo(uptimeS)
    often.advanceTo(5000)
    expect(often.truth()).toEqual(once.truth())
  })

  it('draws more with the screen on', () => {
    expect(meanLoadMa(MOTO_G_BATTERY.load, 'native', true)).toBe(200)
    expect(meanLoadMa(MOTO_E_BATTERY.load, 'native', true)).toBe(45 + SCREEN_ON_EXTRA_MA)
    expect(meanLoadMa(MOTO_E_BATTERY.load, 'vm-untuned', false)).toBe(95)
  })

  it('warms under load and sags below its open-circuit voltage', () => {
    const battery = batteryOf(MOTO_G_BATTERY, { conditions: { ...RESTING, screenOn: true } })
    const coolC = battery.truth().temperatureC
    battery.advanceTo(3600)
    const { temperatureC, voltageV, chargeMah, fullMah } = battery.truth()
    expect(temperatureC).toBeGreaterThan(coolC + 2)
    expect(temperatureC).toBeLessThan(coolC + 12)
    expect(voltageV).toBeLessThan(openCircuitVoltageV(chargeMah / fullMah))
  })

  it('charges up to full, then holds', () => {
    const battery = batteryOf(SAMSUNG_A35_BATTERY)
    battery.setCharger('usb')
    expect(battery.cached).toMatchObject({ charger: 'usb', status: 2 })
    battery.advanceTo(12 * 3600)
    expect(battery.cached).toMatchObject({ levelPct: 100, status: 5, counter: 5_000_000 })
    battery.setCharger('none')
    expect(battery.cached).toMatchObject({ charger: 'none', status: 3 })
  })

  it('discharges on a charger that is weaker than the load', () => {
    expect(cellCurrentMa(700, 'usb', 0.5)).toBe(200)
    expect(cellCurrentMa(100, 'usb', 0.5)).toBe(-400)
    expect(cellCurrentMa(100, 'ac', 1)).toBe(0)
    expect(cellCurrentMa(100, 'none', 1)).toBe(100)
  })

  it('stops at empty', () => {
    const battery = batteryOf(MOTO_E_BATTERY)
    battery.advanceTo(90 * 3600)
    expect(battery.truth().chargeMah).toBe(0)
    expect(battery.cached.levelPct).toBe(0)
  })

  it('is off when empty: years pass at once, and what it says does not depend on when it is asked', () => {
    const left = batteryOf(MOTO_E_BATTERY)
    const asked = batteryOf(MOTO_E_BATTERY)
    const day = 24 * 3600
    for (let uptimeS = 0; uptimeS <= 30 * day; uptimeS += 1800.5) asked.advanceTo(uptimeS)
    let steps = 0
    const counted = new VirtualBattery({
      profile: MOTO_E_BATTERY,
      seed: 1,
      startUptimeS: 0,
      conditionsAt: () => {
        steps += 1
        return RESTING
      },
    })
    for (const battery of [left, asked, counted]) {
      battery.advanceTo(3650 * day)
      battery.setCharger('ac')
      battery.advanceTo(3651 * day)
    }
    expect(asked.truth()).toEqual(left.truth())
    expect(asked.cached).toEqual(left.cached)
    expect(left.cached).toMatchObject({ charger: 'ac', levelPct: 100 })
    expect(3651 * day - left.cached.takenAtUptimeS).toBeLessThan(60)
    expect(steps).toBeLessThan(5 * day)
  })

  it('never takes the counter back up while it drains', () => {
    const values = counters(batteryOf(MOTO_G_BATTERY), 10)
    expect([...steps(values)].every((step) => step > 0)).toBe(true)
  })
})
