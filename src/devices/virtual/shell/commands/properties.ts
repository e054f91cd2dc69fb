import type { CommandContext, CommandTable } from '../command.js'

async function getprop({ machine, args, out }: CommandContext): Promise<number> {
  const { all } = machine.parts.props
  const [key, fallback = ''] = args
  if (key !== undefined) {
    await out(`${all.get(key) ?? fallback}\n`)
    return 0
  }
  const rows = [...all].toSorted(([a], [b]) => (a < b ? -1 : 1))
  await out(rows.map(([name, value]) => `[${name}]: [${value}]\n`).join(''))
  return 0
}

async function setprop({ machine, args, err }: CommandContext): Promise<number> {
  const [key, value] = args
  if (key === undefined || value === undefined) {
    await err('setprop: Needs 2 arguments (see "setprop --help")\n')
    return 1
  }
  if (machine.parts.props.set(key, value)) return 0
  await err(`Failed to set property '${key}' to '${value}'.\nSee dmesg for error reason.\n`)
  return 1
}

export const PROPERTY_COMMANDS: CommandTable = { getprop, setprop }
