import { COUNTER_FACTORS, FULL_UAH, isPlausibleFull } from '../../core/charge-units.js'
import type { BatteryReading, BatteryStatus } from '../types.js'
import type { BatteryDump } from './dumpsys-battery.js'

/**
 * Full charge that a counter in a wrong unit may imply, µAh. The lower end is higher: phones and tablets whose vendors
 * changed the unit hold 2 Ah and more, and small dummy values (220 at 15 %) would otherwise pass as mAh.
 */
const MENDED_FULL_UAH = { min: 2_000_000, max: FULL_UAH.max }
/** A lithium cell down to its cut-off, up to two cells in series at full charge. */
const VOLTAGE_MV = { min: 2000, max: 10_000 }
/** Beyond these no battery works, and phones switch off long before. */
const TEMPERATURE_C = { min: -40, max: 120 }

/** Android's BatteryManager.BATTERY_STATUS_* from 1. */
const STATUS: readonly BatteryStatus[] = ['unknown', 'charging', 'discharging', 'not_charging', 'full']
/** Android's BatteryManager.BATTERY_HEALTH_* from 1. */
const HEALTH = ['unknown', 'good', 'overheat', 'dead', 'over_voltage', 'unspecified_failure', 'cold'] as const

/** A dump in the units of `BatteryReading`; what can't be true of a battery is null. */
export function readingOf(dump: BatteryDump): BatteryReading {
  const levelPct = levelOf(dump)
  return {
    levelPct,
    voltageMv: voltageOf(dump.voltage),
    temperatureC: temperatureOf(dump.temperature),
    chargeCounterUah: counterOf(dump, levelPct),
    rawChargeCounter: dump.chargeCounter,
    status: dump.status === null ? null : (STATUS[dump.status - 1] ?? null),
    plugged: {
      ac: dump.acPowered,
      usb: dump.usbPowered,
      wireless: dump.wirelessPowered,
      dock: dump.dockPowered,
    },
    present: dump.present,
    health: dump.health === null ? null : (HEALTH[dump.health - 1] ?? null),
    technology: dump.technology,
    updatesStopped: dump.updatesStopped,
  }
}

/** Percent. Not every phone counts to 100; a missing scale is 100, BatteryManager's documented default. */
function levelOf({ level, scale }: BatteryDump): number | null {
  const full = scale ?? 100
  if (level === null || level < 0 || full <= 0 || level > full) return null
  return (level * 100) / full
}

/** mV; a value that is right by exactly 1000 is µV, the unit of the kernel's power_supply class. Whole volts are too coarse to be of use. */
function voltageOf(voltage: number | null): number | null {
  if (voltage === null) return null
  const mv = voltage >= VOLTAGE_MV.min * 1000 ? Math.round(voltage / 1000) : voltage
  return within(mv, VOLTAGE_MV) ? mv : null
}

/** °C. Exactly 0 is what phones without a sensor print (emulators, boxes), so it is unknown and not freezing point. */
function temperatureOf(tenths: number | null): number | null {
  if (tenths === null || tenths === 0) return null
  const celsius = tenths / 10
  return within(celsius, TEMPERATURE_C) ? celsius : null
}

/**
 * µAh, or null when the counter can't be the charge that is left. The level decides the unit (COUNTER_FACTORS): counter
 * / level is the full charge, and only one unit makes that a battery. Without a level nothing can be checked.
 *
 * A correction is more of a claim than no correction, so it has to be likelier than a dummy: powers of ten are constants
 * (10000 of the emulator, 1000 of boxes), and a tenfold too small counter shows more digits than whole mAh, as
 * 450000 µAh at 85 % (Huawei) is simply not the remaining charge.
 */
function counterOf({ chargeCounter, samsungCounter }: BatteryDump, levelPct: number | null): number | null {
  if (chargeCounter === null || chargeCounter <= 0 || levelPct === null || levelPct <= 0) return null
  const fullOf = (uah: number): number => (uah * 100) / levelPct
  if (isPlausibleFull(fullOf(chargeCounter))) return chargeCounter
  if (Number.isInteger(Math.log10(chargeCounter))) return null
  const mah = chargeCounter * COUNTER_FACTORS.mah
  if (within(fullOf(mah), MENDED_FULL_UAH)) return mah
  const tenfold = chargeCounter * COUNTER_FACTORS.tens
  const fine = chargeCounter % 1000 !== 0 || samsungCounter !== null
  return fine && within(fullOf(tenfold), MENDED_FULL_UAH) ? tenfold : null
}

function within(value: number, { min, max }: { readonly min: number; readonly max: number }): boolean {
  return value >= min && value <= max
}
