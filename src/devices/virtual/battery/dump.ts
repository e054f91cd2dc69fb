import type { BatteryCopy } from './service.js'

const DOCK_API = 33
const CHARGING_POLICY_API = 34
const BROADCAST_TIMES_API = 36

export interface DumpContext {
  readonly apiLevel: number
  readonly updatesStopped: boolean
}

/**
 * What `dumpsys battery` prints, in the order of AOSP's BatteryService.dumpInternal. Dock came with Android 13, the
 * charging state and policy with 14; the broadcast lines stand in dumps of Android 16.
 */
export function formatBatteryDump(copy: BatteryCopy, { apiLevel, updatesStopped }: DumpContext): string {
  const from = (api: number, ...lines: string[]): string[] => (apiLevel >= api ? lines : [])
  const lines = [
    'Current Battery Service state:',
    ...(updatesStopped ? ["  (UPDATES STOPPED -- use 'reset' to restart)"] : []),
    `  AC powered: ${copy.acOnline}`,
    `  USB powered: ${copy.usbOnline}`,
    `  Wireless powered: ${copy.wirelessOnline}`,
    ...from(DOCK_API, `  Dock powered: ${copy.dockOnline}`),
    `  Max charging current: ${copy.maxChargingCurrentUa}`,
    ...from(BROADCAST_TIMES_API, ` ${sentAt('Max charging current')}: 0`),
    `  Max charging voltage: ${copy.maxChargingVoltageUv}`,
    ...(copy.counter === null ? [] : [`  Charge counter: ${copy.counter}`]),
    `  status: ${copy.status}`,
    `  health: ${copy.health}`,
    `  present: ${copy.present}`,
    `  level: ${copy.levelPct}`,
    '  scale: 100',
    `  voltage: ${copy.voltageMv}`,
    ...from(
      BROADCAST_TIMES_API,
      ` ${sentAt('voltage')}: 0`,
      ` The last voltage value sent via the battery changed broadcast: ${copy.voltageMv}`,
    ),
    `  temperature: ${copy.temperatureTenthsC}`,
    `  technology: ${copy.technology}`,
    ...from(CHARGING_POLICY_API, '  Charging state: 0', '  Charging policy: 0'),
    ...from(BROADCAST_TIMES_API, '  Capacity level: -1'),
  ]
  return `${lines.join('\n')}\n`
}

function sentAt(what: string): string {
  return `Time when the latest updated value of the ${what} was sent via battery changed broadcast`
}
