import type { CommandContext, CommandTable } from '../command.js'
import { activityShell } from './activities.js'
import { batteryShell } from './battery.js'
import { dumpDeviceIdle } from './deviceidle.js'
import { packageShell } from './packages.js'
import { settingsShell } from './settings.js'

/** What AOSP's `cmd` returns when there is no such service. */
const NO_SERVICE = 20

type ServiceShell = (context: CommandContext, args: readonly string[]) => Promise<number>

const SERVICES: Readonly<Record<string, ServiceShell>> = {
  activity: activityShell,
  battery: batteryShell,
  deviceidle: dumpDeviceIdle,
  package: packageShell,
  settings: settingsShell,
}

async function cmd(context: CommandContext): Promise<number> {
  const [service, ...rest] = context.args
  if (service === undefined) {
    await context.err('cmd: No service specified; use -l to list all services\n')
    return NO_SERVICE
  }
  if (service === '-l') {
    await context.out(
      `Currently running services:\n${Object.keys(SERVICES)
        .map((name) => `  ${name}\n`)
        .join('')}`,
    )
    return 0
  }
  const shell = Object.hasOwn(SERVICES, service) ? SERVICES[service] : undefined
  if (shell !== undefined) return shell(context, rest)
  await context.err(`cmd: Can't find service: ${service}\n`)
  return NO_SERVICE
}

export const CMD_COMMANDS: CommandTable = { cmd }
