import { formatBatteryDump } from '../../battery/dump.js'
import type { CommandContext, CommandTable } from '../command.js'
import { batteryShell } from './battery.js'
import { dumpDeviceIdle } from './deviceidle.js'
import { dumpDisplay, dumpPower } from './dump-power.js'
import { dumpPackage } from './packages.js'

type Dump = (context: CommandContext, args: readonly string[]) => Promise<number>

async function dumpBattery(context: CommandContext, args: readonly string[]): Promise<number> {
  if (args.length > 0 && args[0] !== '-a') {
    // dumpsys reports whether it reached the service, not what the service thought of it.
    await batteryShell(context, args)
    return 0
  }
  const service = context.machine.batteryService
  const { apiLevel } = context.machine.parts
  await context.out(formatBatteryDump(service.copy, { apiLevel, updatesStopped: service.updatesStopped }))
  return 0
}

const SERVICES: Readonly<Record<string, Dump>> = {
  battery: dumpBattery,
  deviceidle: dumpDeviceIdle,
  display: dumpDisplay,
  package: dumpPackage,
  power: dumpPower,
}

/** Services that answer nothing here, but are there on every phone. */
const SILENT = ['activity', 'alarm', 'batterystats', 'connectivity', 'meminfo', 'notification', 'wifi', 'window']

async function dumpsys(context: CommandContext): Promise<number> {
  const { args, out, err } = context
  const operands = args[0] === '-t' || args[0] === '-T' ? args.slice(2) : args
  const [service, ...rest] = operands
  if (service === undefined || service === '-l') {
    const names = [...Object.keys(SERVICES), ...SILENT].toSorted()
    await out(`Currently running services:\n${names.map((name) => `  ${name}\n`).join('')}`)
    return 0
  }
  const dump = Object.hasOwn(SERVICES, service) ? SERVICES[service] : undefined
  if (dump !== undefined) return dump(context, rest)
  // AOSP's dumpsys says so on standard error and still returns 0.
  if (!SILENT.includes(service)) await err(`Can't find service: ${service}\n`)
  return 0
}

export const DUMPSYS_COMMANDS: CommandTable = { dumpsys }
