import type { CommandContext, CommandTable } from '../command.js'

/** android.view.KeyEvent. */
const KEYCODES: Readonly<Record<string, number>> = { HOME: 3, BACK: 4, POWER: 26, MENU: 82, SLEEP: 223, WAKEUP: 224 }

async function input({ machine, args, err }: CommandContext): Promise<number> {
  const [kind, ...rest] = args
  if (kind !== 'keyevent') {
    if (kind === 'tap' || kind === 'swipe' || kind === 'text') return 0
    await err(
      kind === undefined ? 'Usage: input [<source>] <command> [<arg>...]\n' : `Error: Unknown command: ${kind}\n`,
    )
    return kind === undefined ? 0 : 255
  }
  for (const key of rest.filter((word) => !word.startsWith('--'))) {
    const code = KEYCODES[key.replace(/^KEYCODE_/, '')] ?? Number(key)
    if (Number.isNaN(code)) {
      await err(`Error: Invalid arguments for command: keyevent\n`)
      return 255
    }
    press(machine, code)
  }
  return 0
}

/** POWER toggles; WAKEUP and SLEEP do not; HOME does not light the screen of a phone of today. */
function press(machine: CommandContext['machine'], code: number): void {
  if (code === KEYCODES['HOME']) machine.topApp = null
  if (code === KEYCODES['POWER']) machine.setScreen(!machine.parts.power.screenOn)
  if (code === KEYCODES['WAKEUP']) machine.setScreen(true)
  if (code === KEYCODES['SLEEP']) machine.setScreen(false)
}

/** BatteryManager.BATTERY_PLUGGED_*: ac 1, usb 2, wireless 4, dock 8. */
const STAY_ON: Readonly<Record<string, string>> = {
  true: '15',
  false: '0',
  ac: '1',
  usb: '2',
  wireless: '4',
  dock: '8',
}

async function svc({ machine, args, err }: CommandContext): Promise<number> {
  const [what, verb, value = ''] = args
  const { settings } = machine.parts
  if (what === 'power' && verb === 'stayon' && STAY_ON[value] !== undefined) {
    settings.put('global', 'stay_on_while_plugged_in', STAY_ON[value])
    return 0
  }
  if ((what === 'wifi' || what === 'data' || what === 'bluetooth') && (verb === 'enable' || verb === 'disable')) {
    const key = { wifi: 'wifi_on', data: 'mobile_data', bluetooth: 'bluetooth_on' }[what]
    settings.put('global', key, verb === 'enable' ? '1' : '0')
    return 0
  }
  await err(
    'Available commands:\n    help     Show information about the subcommands\n    power    Control the power manager\n',
  )
  return 1
}

export const INPUT_COMMANDS: CommandTable = { input, svc }
