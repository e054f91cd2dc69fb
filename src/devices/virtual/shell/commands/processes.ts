import type { PhoneProcess } from '../../processes.js'
import { fail, type CommandContext, type CommandTable } from '../command.js'
import { parseOptions } from '../options.js'
import { formatDate } from './date.js'

async function pidof({ machine, args, out }: CommandContext): Promise<number> {
  const { flags, operands } = parseOptions(args, { flags: 'sx', values: 'o' })
  const pids = operands.flatMap((name) => machine.parts.processes.named(name).map(({ pid }) => pid))
  if (pids.length === 0) return 1
  await out(`${(flags.has('s') ? pids.slice(0, 1) : pids).join(' ')}\n`)
  return 0
}

interface Column {
  readonly header: string
  readonly width: number
  readonly left: boolean
  readonly value: (process: PhoneProcess, bootMs: number) => string
}

const column = (header: string, width: number, value: Column['value']): Column => ({
  header,
  width: Math.abs(width),
  left: width < 0,
  value,
})

const COLUMNS: Readonly<Record<string, Column>> = {
  USER: column('USER', -12, ({ user }) => user),
  UID: column('UID', -12, ({ user }) => user),
  PID: column('PID', 6, ({ pid }) => String(pid)),
  PPID: column('PPID', 6, ({ ppid }) => String(ppid)),
  VSZ: column('VSZ', 10, () => '13548932'),
  RSS: column('RSS', 6, () => '98304'),
  WCHAN: column('WCHAN', -10, () => '0'),
  ADDR: column('ADDR', 10, () => '0'),
  C: column('C', 1, () => '0'),
  STIME: column('STIME', -5, ({ startedUptimeS }, bootMs) => formatDate('%H:%M', bootMs + startedUptimeS * 1000)),
  TTY: column('TTY', -8, () => '?'),
  TIME: column('TIME', 8, () => '00:00:00'),
  S: column('S', -1, () => 'S'),
  NAME: column('NAME', -27, ({ name }) => name),
  ARGS: column('ARGS', -27, ({ name }) => name),
  CMD: column('CMD', -27, ({ name }) => name),
}

const DEFAULT_COLUMNS = 'USER,PID,PPID,VSZ,RSS,WCHAN,ADDR,S,NAME'
/** `-f`. */
const FULL_COLUMNS = 'UID,PID,PPID,C,STIME,TTY,TIME,CMD'

/** Toybox's ps: without `-A` or `-e` only what the shell user started itself. */
async function ps(context: CommandContext): Promise<number> {
  const { machine, args, out } = context
  const { flags, values, problem } = parseOptions(args, { flags: 'AelfwTZM', values: 'op' })
  if (problem !== null) return fail(context, problem)
  const columns: Column[] = []
  for (const word of (values.get('o') ?? (flags.has('f') ? FULL_COLUMNS : DEFAULT_COLUMNS)).split(',')) {
    const found = COLUMNS[word.split(/[=:]/)[0]?.toUpperCase() ?? '']
    if (found === undefined) return fail(context, `bad -o ${word}`)
    columns.push({ ...found, header: word.includes('=') ? (word.split('=')[1] ?? '') : found.header })
  }
  const pids = values.get('p')?.split(',').map(Number)
  const shown = machine.parts.processes
    .list()
    .filter(({ pid, user }) => pids?.includes(pid) ?? (flags.has('A') || flags.has('e') || user === 'shell'))
  const { clock } = machine.parts
  const bootMs = clock.wallMs() - clock.uptimeS() * 1000
  const row = (cells: readonly string[]): string => cells.map((cell, index) => pad(cell, columns, index)).join(' ')
  const rows = [
    row(columns.map(({ header }) => header)),
    ...shown.map((p) => row(columns.map((c) => c.value(p, bootMs)))),
  ]
  const hasHeader = columns.some(({ header }) => header !== '')
  await out((hasHeader ? rows : rows.slice(1)).map((line) => `${line}\n`).join(''))
  return pids !== undefined && shown.length === 0 ? 1 : 0
}

function pad(cell: string, columns: readonly Column[], index: number): string {
  const { width, left } = columns[index] ?? { width: 0, left: true }
  if (!left) return cell.padStart(width)
  return index === columns.length - 1 ? cell : cell.padEnd(width)
}

/** A production build's shell may signal only what the shell user runs. */
async function kill({ machine, args, err }: CommandContext): Promise<number> {
  const operands = args.filter((arg) => !/^-(?:\d+|[A-Z]+)$/.test(arg))
  const probe = args.includes('-0')
  let status = operands.length === 0 ? 1 : 0
  for (const operand of operands) {
    const process = machine.parts.processes.get(Number(operand))
    if (process?.user === 'shell') {
      if (!probe) machine.parts.processes.end(process.pid)
      continue
    }
    const why = process === null ? 'No such process' : 'Operation not permitted'
    await err(`/system/bin/sh: kill: ${operand}: ${why}\n`)
    status = 1
  }
  return status
}

export const PROCESS_COMMANDS: CommandTable = { pidof, ps, kill }
