import { fail, type CommandContext, type CommandTable } from '../command.js'

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Formats as date(1) does. The phone lives in UTC. */
export function formatDate(format: string, wallMs: number): string {
  const date = new Date(wallMs)
  const two = (value: number): string => String(value).padStart(2, '0')
  const iso = date.toISOString()
  const fields: Readonly<Record<string, string>> = {
    '%': '%',
    a: DAYS[date.getUTCDay()] ?? '',
    b: MONTHS[date.getUTCMonth()] ?? '',
    d: two(date.getUTCDate()),
    e: String(date.getUTCDate()).padStart(2),
    F: iso.slice(0, 10),
    H: two(date.getUTCHours()),
    m: two(date.getUTCMonth() + 1),
    M: two(date.getUTCMinutes()),
    n: '\n',
    N: `${String(Math.floor(wallMs) % 1000).padStart(3, '0')}000000`,
    s: String(Math.floor(wallMs / 1000)),
    S: two(date.getUTCSeconds()),
    T: iso.slice(11, 19),
    y: iso.slice(2, 4),
    Y: iso.slice(0, 4),
    z: '+0000',
    Z: 'UTC',
  }
  return format.replaceAll(/%([%a-zA-Z])/g, (whole, key: string) => fields[key] ?? whole)
}

async function date(context: CommandContext): Promise<number> {
  const words = context.args.filter((arg) => arg !== '-u')
  const format = words.find((word) => word.startsWith('+'))
  if (format === undefined && words.length > 0) return fail(context, 'cannot set date: Operation not permitted')
  const wallMs = context.machine.parts.clock.wallMs()
  await context.out(`${formatDate(format?.slice(1) ?? '%a %b %e %H:%M:%S %Z %Y', wallMs)}\n`)
  return 0
}

export const DATE_COMMANDS: CommandTable = { date }
