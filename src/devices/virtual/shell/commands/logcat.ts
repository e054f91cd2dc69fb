import { fail, type CommandContext, type CommandTable } from '../command.js'
import { parseOptions } from '../options.js'
import { formatDate } from './date.js'

interface Line {
  /** Seconds since the phone was started. */
  readonly uptimeS: number
  readonly pid: number
  readonly priority: string
  readonly tag: string
  readonly text: string
}

/** What a phone logs while it starts; it logs nothing after that. */
const STARTUP: readonly Line[] = [
  { uptimeS: 3.112, pid: 405, priority: 'I', tag: 'logd', text: 'logd reinit' },
  { uptimeS: 6.48, pid: 612, priority: 'D', tag: 'Zygote', text: 'begin preload' },
  { uptimeS: 8.93, pid: 588, priority: 'I', tag: 'SurfaceFlinger', text: 'SurfaceFlinger is starting' },
  { uptimeS: 9.871, pid: 1204, priority: 'I', tag: 'SystemServer', text: 'Entered the Android system server!' },
  { uptimeS: 14.206, pid: 1204, priority: 'I', tag: 'ActivityManager', text: 'System now ready' },
  { uptimeS: 19.64, pid: 1204, priority: 'I', tag: 'SystemServiceManager', text: 'Starting phase 1000' },
]
const PRIORITIES = 'VDIWEFS'

/** `logcat`: the start-up lines; without `-d` it then waits until the host leaves. */
async function logcat(context: CommandContext): Promise<number> {
  const { machine, args, out, signal } = context
  const { flags, values, operands, problem } = parseOptions(args, { flags: 'cdsD', values: 'bvtTe' })
  if (problem !== null) return fail(context, problem)
  if (flags.has('c')) {
    machine.logCleared = true
    return 0
  }
  const filters = flags.has('s') ? ['*:S', ...operands] : operands
  const lines = machine.logCleared ? [] : STARTUP.filter((line) => isWanted(line, filters))
  const count = Number(values.get('t') ?? values.get('T') ?? lines.length)
  const shown = Number.isInteger(count) ? lines.slice(Math.max(0, lines.length - count)) : lines
  const bootMs = machine.parts.clock.wallMs() - machine.parts.clock.uptimeS() * 1000
  const format = formatter(values.get('v') ?? 'threadtime', bootMs)
  await out(`--------- beginning of main\n${shown.map((line) => `${format(line)}\n`).join('')}`)
  if (flags.has('d') || values.has('t')) return 0
  return new Promise((resolve) => {
    if (signal.aborted) resolve(0)
    signal.addEventListener('abort', () => resolve(0), { once: true })
  })
}

/** Filters are `TAG:PRIORITY`, the last that names the tag or `*` counts; a tag without priority is all of it. */
function isWanted({ tag, priority }: Line, filters: readonly string[]): boolean {
  let least = 'V'
  let named = false
  for (const filter of filters) {
    const [name, from] = filter.split(':')
    if (name !== tag && (name !== '*' || named)) continue
    named ||= name === tag
    least = (from ?? 'V').toUpperCase()
  }
  return PRIORITIES.indexOf(priority) >= PRIORITIES.indexOf(least === '*' ? 'V' : least)
}

function formatter(name: string, bootMs: number): (line: Line) => string {
  return ({ uptimeS, pid, priority, tag, text }) => {
    const atMs = bootMs + uptimeS * 1000
    const time = `${formatDate('%m-%d %T', atMs)}.${String(Math.floor(atMs) % 1000).padStart(3, '0')}`
    const id = String(pid).padStart(5)
    if (name === 'brief') return `${priority}/${tag.padEnd(8)}(${id}): ${text}`
    if (name === 'tag') return `${priority}/${tag.padEnd(8)}: ${text}`
    if (name === 'raw') return text
    if (name === 'time') return `${time} ${priority}/${tag.padEnd(8)}(${id}): ${text}`
    return `${time} ${id} ${id} ${priority} ${tag.padEnd(8)}: ${text}`
  }
}

export const LOG_COMMANDS: CommandTable = { logcat }
