import type { Machine } from '../../machine.js'
import type { CommandContext } from '../command.js'

/** From Android 9 on the power manager leaves battery saver to a state machine of its own. */
const SAVER_STATE_MACHINE_API = 28

/** `Dozing` is a sleeping phone with an always-on display. */
function wakefulness(machine: Machine): 'Awake' | 'Asleep' | 'Dozing' {
  if (machine.parts.power.screenOn) return 'Awake'
  return machine.parts.settings.get('secure', 'doze_always_on') === '1' ? 'Dozing' : 'Asleep'
}

/** `dumpsys power`: the lines tools read, in AOSP's order. */
export async function dumpPower({ machine, out }: CommandContext): Promise<number> {
  const { settings, apiLevel, power } = machine.parts
  const { plugged, copy } = machine.batteryService
  const saver = settings.lowPower
  const oldSaver = [`  mLowPowerModeSetting=${saver}`, `  mLowPowerModeEnabled=${saver}`]
  const newSaver = ['', 'Battery Saver State Machine:', `  Enabled=${saver}`, `  mSettingBatterySaverEnabled=${saver}`]
  const lines = [
    'POWER MANAGER (dumpsys power)',
    '',
    'Power Manager State:',
    '  mDirty=0x0',
    `  mWakefulness=${wakefulness(machine)}`,
    '  mWakefulnessChanging=false',
    `  mIsPowered=${plugged}`,
    `  mPlugType=${copy.acOnline ? 1 : copy.usbOnline ? 2 : 0}`,
    `  mBatteryLevel=${copy.levelPct}`,
    `  mStayOn=${plugged && settings.get('global', 'stay_on_while_plugged_in') !== '0'}`,
    '  mSystemReady=true',
    '  mBootCompleted=true',
    `  mDeviceIdleMode=${power.deepIdle(machine.settle()) === 'IDLE'}`,
    ...(apiLevel < SAVER_STATE_MACHINE_API ? oldSaver : []),
    `Display Power: state=${displayState(machine)}`,
    ...(apiLevel >= SAVER_STATE_MACHINE_API ? newSaver : []),
    '',
    'Wake Locks: size=0',
  ]
  await out(`${lines.join('\n')}\n`)
  return 0
}

/** `dumpsys display`: the state of the built-in screen. */
export async function dumpDisplay({ machine, out }: CommandContext): Promise<number> {
  const state = displayState(machine)
  const lines = [
    'DISPLAY MANAGER (dumpsys display)',
    '  mOnlyCode=false',
    '  mSafeMode=false',
    `  mGlobalDisplayState=${state}`,
    '',
    'Display Power Controller:',
    `  mScreenState=${state}`,
  ]
  await out(`${lines.join('\n')}\n`)
  return 0
}

function displayState(machine: Machine): 'ON' | 'OFF' | 'DOZE' {
  const states = { Awake: 'ON', Asleep: 'OFF', Dozing: 'DOZE' } as const
  return states[wakefulness(machine)]
}
