import type { CommandContext } from '../command.js'

/** `dumpsys deviceidle` and `cmd deviceidle`: how deep the phone sleeps, and forcing it to. */
export async function dumpDeviceIdle(context: CommandContext, args: readonly string[]): Promise<number> {
  const { machine, out } = context
  const [verb, mode] = args
  const uptimeS = machine.settle()
  const { power, settings } = machine.parts
  const [deep, light] = [power.deepIdle(uptimeS), power.lightIdle(uptimeS)]
  const { plugged } = machine.batteryService
  const values: Readonly<Record<string, string | boolean>> = {
    deep,
    light,
    screen: power.screenOn,
    charging: plugged,
    force: power.forcedIdle !== null,
    network: true,
  }
  if (verb === undefined) {
    const flags = `  mLightEnabled=true  mDeepEnabled=true\n  mForceIdle=${power.forcedIdle !== null}\n`
    const state = `  mScreenOn=${power.screenOn}\n  mCharging=${plugged}\n  mState=${deep} mLightState=${light}\n`
    await out(`  Settings:\n    inactive_to=+30m0s0ms\n${flags}${state}  mBatterySaverEnabled=${settings.lowPower}\n`)
  } else if (verb === 'get') {
    const value = Object.hasOwn(values, mode ?? '') ? values[mode ?? ''] : undefined
    await out(value === undefined ? `Unknown get option: ${mode ?? 'null'}\n` : `${value}\n`)
  } else if (verb === 'force-idle') await forceIdle(context, mode ?? 'deep')
  else if (verb === 'unforce') {
    machine.forceIdle(null)
    const after = machine.settle()
    await out(`Light state: ${power.lightIdle(after)}, deep state: ${power.deepIdle(after)}\n`)
  } else await out(`Unknown command: ${verb}\n`)
  return 0
}

async function forceIdle({ machine, out }: CommandContext, mode: string): Promise<void> {
  if (mode !== 'deep' && mode !== 'light') {
    await out(`Unknown idle mode: ${mode}\n`)
    return
  }
  const { power } = machine.parts
  if (power.screenOn || machine.batteryService.plugged) {
    await out(`Unable to go ${mode} idle; stopped at ACTIVE\n`)
    return
  }
  machine.forceIdle(mode)
  await out(`Now forced in to ${mode} idle mode\n`)
}
