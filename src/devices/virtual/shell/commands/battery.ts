import type { BatteryCopy } from '../../battery/service.js'
import type { CommandContext } from '../command.js'

const HELP = `Battery service (battery) commands:
  help
    Print this help text.
  get [-f] [ac|usb|wireless|dock|status|level|temp|present|counter|invalid|current_now|current_average]
    Prints one value.
  set [-f] [ac|usb|wireless|dock|status|level|temp|present|counter|invalid] <value>
    Force a battery property value, freezing battery state.
    -f: force a battery change broadcast be sent, prints new sequence.
  unplug [-f]
    Force battery unplugged, freezing battery state.
    -f: force a battery change broadcast be sent, prints new sequence.
  reset [-f]
    Unfreeze battery state, returning to current hardware values.
    -f: force a battery change broadcast be sent, prints new sequence.
`

/** What a shell command of a system service returns for "that was wrong", as the shell sees -1. */
const FAILED = 255

/**
 * `cmd battery …`, and `dumpsys battery …` with arguments: the same code on Android too (BatteryService.Shell). Messages go
 * to standard output, as its print writer does.
 */
export async function batteryShell(context: CommandContext, args: readonly string[]): Promise<number> {
  const [verb = '', ...rest] = args
  const force = rest[0] === '-f'
  const operands = force ? rest.slice(1) : rest
  switch (verb) {
    case 'get':
      return get(context, operands[0], force)
    case 'set':
      return set(context, operands, force)
    case 'unplug':
      context.machine.batteryService.unplug()
      return sequence(context, force)
    case 'reset':
      context.machine.batteryService.reset()
      return sequence(context, force)
    case '':
    case 'help':
    case '-h':
      await context.out(HELP)
      return 0
    default:
      await context.out(`Unknown command: ${verb}\n`)
      return FAILED
  }
}

async function sequence({ machine, out }: CommandContext, print: boolean): Promise<number> {
  if (print) await out(`${machine.batteryService.sequence}\n`)
  return 0
}

/** `-f` asks the health service for an update first (AOSP 15 QPR and 16). */
async function get({ machine, out }: CommandContext, key: string | undefined, force: boolean): Promise<number> {
  if (key === undefined) {
    await out('No property specified\n')
    return FAILED
  }
  const service = machine.batteryService
  if (force) service.renew()
  const value = valueOf(service.copy, key)
  await out(value === null ? `Unknown get option: ${key}\n` : `${value}\n`)
  return 0
}

async function set(context: CommandContext, operands: readonly string[], force: boolean): Promise<number> {
  const [key, value] = operands
  if (key === undefined || value === undefined) {
    await context.out(key === undefined ? 'No property specified\n' : 'No value specified\n')
    return FAILED
  }
  const result = context.machine.batteryService.set(key, value)
  if (result === 'bad_value') {
    await context.out(`Bad value: ${value}\n`)
    return FAILED
  }
  if (result === 'set') return sequence(context, force)
  await context.out(`Unknown set option: ${key}\n`)
  return 0
}

function valueOf(copy: BatteryCopy, key: string): boolean | number | null {
  const values: Readonly<Record<string, boolean | number>> = {
    present: copy.present,
    ac: copy.acOnline,
    usb: copy.usbOnline,
    wireless: copy.wirelessOnline,
    dock: copy.dockOnline,
    status: copy.status,
    level: copy.levelPct,
    counter: copy.counter ?? 0,
    temp: copy.temperatureTenthsC,
    invalid: copy.invalidCharger,
    current_now: copy.currentUa,
    current_average: copy.currentUa,
  }
  return Object.hasOwn(values, key) ? (values[key] ?? null) : null
}
