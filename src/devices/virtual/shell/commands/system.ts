import { kernelRelease, KERNEL_BUILD, machineName } from '../../proc-files.js'
import { fail, type CommandContext, type CommandTable } from '../command.js'
import { parseOptions } from '../options.js'
import { formatDate } from './date.js'

const GROUPS =
  '2000(shell),1003(graphics),1004(input),1007(log),1011(adb),1015(sdcard_rw),1028(sdcard_r),1078(ext_data_rw),1079(ext_obb_rw),3001(net_bt_admin),3002(net_bt),3003(inet),3006(net_bw_stats),3009(readproc),3011(uhid),3012(readtracefs)'

async function id({ args, out }: CommandContext): Promise<number> {
  const { flags } = parseOptions(args, { flags: 'unGgZ' })
  if (flags.has('u') || flags.has('g')) await out(flags.has('n') ? 'shell\n' : '2000\n')
  else await out(`uid=2000(shell) gid=2000(shell) groups=${GROUPS} context=u:r:shell:s0\n`)
  return 0
}

async function whoami({ out }: CommandContext): Promise<number> {
  await out('shell\n')
  return 0
}

async function uname(context: CommandContext): Promise<number> {
  const { model, apiLevel } = context.machine.parts
  const { flags, problem } = parseOptions(context.args, { flags: 'asnrvmo' })
  if (problem !== null) return fail(context, problem)
  const fields: Readonly<Record<string, string>> = {
    s: 'Linux',
    n: 'localhost',
    r: kernelRelease(apiLevel),
    v: KERNEL_BUILD,
    m: machineName(model),
    o: apiLevel >= 33 ? 'Toybox' : 'Android',
  }
  const shown = Object.keys(fields).filter(
    (key) => flags.has(key) || (flags.has('a') && (key !== 'o' || apiLevel >= 31)),
  )
  await context.out(`${(shown.length === 0 ? ['s'] : shown).map((key) => fields[key]).join(' ')}\n`)
  return 0
}

async function uptime({ machine, out }: CommandContext): Promise<number> {
  const { clock } = machine.parts
  const minutes = Math.floor(clock.uptimeS() / 60)
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24]
  const dayText = days === 0 ? '' : `${days} day${days === 1 ? '' : 's'}, `
  const clockText =
    hours === 0 ? `${minutes % 60} min` : `${String(hours).padStart(2)}:${String(minutes % 60).padStart(2, '0')}`
  const now = formatDate('%H:%M:%S', clock.wallMs())
  await out(` ${now} up ${dayText}${clockText},  0 users,  load average: 1.32, 1.21, 1.18\n`)
  return 0
}

const UNITS_S: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 }

/** In the phone's time: a fast phone sleeps fast. */
async function sleep(context: CommandContext): Promise<number> {
  let seconds = 0
  for (const arg of context.args) {
    const [, amount, unit = ''] = /^(\d+(?:\.\d+)?|\.\d+)([smhd]?)$/.exec(arg) ?? []
    if (amount === undefined) return fail(context, `Not a number '${arg}'`)
    seconds += Number(amount) * (UNITS_S[unit] ?? 1)
  }
  if (context.args.length === 0) return fail(context, 'Needs 1 argument (see "sleep --help")')
  await context.machine.parts.clock.sleep(seconds * 1000, context.signal)
  return 0
}

export const SYSTEM_COMMANDS: CommandTable = { id, whoami, uname, uptime, sleep }
