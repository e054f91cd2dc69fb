import { Buffer } from 'node:buffer'
import { fail, type CommandContext, type CommandTable } from '../command.js'
import { parseOptions } from '../options.js'
import { forEachPath, withInput } from '../phone-file.js'
import { linesOf, readAll, type Input } from '../pipe.js'

const orStdin = (paths: readonly string[]): readonly string[] => (paths.length === 0 ? ['-'] : paths)

async function cat(context: CommandContext): Promise<number> {
  const { operands, problem } = parseOptions(context.args, { flags: 'uetv' })
  if (problem !== null) return fail(context, problem)
  return forEachPath(context, orStdin(operands), (path) =>
    withInput(context, path, async (input) => {
      for (let bytes = await input.read(); bytes !== null; bytes = await input.read()) await context.out(bytes)
    }),
  )
}

/** `-5` is `-n 5` to head and tail. */
function countOptions(args: readonly string[]): ReturnType<typeof parseOptions> {
  return parseOptions(
    args.map((arg) => (/^-\d+$/.test(arg) ? `-n${arg.slice(1)}` : arg)),
    { flags: 'qv', values: 'nc' },
  )
}

type Take = (context: CommandContext, input: Input, count: { lines: number; bytes: number | null }) => Promise<void>

function taker(take: Take) {
  return async (context: CommandContext): Promise<number> => {
    const { operands, values, problem } = countOptions(context.args)
    if (problem !== null) return fail(context, problem)
    const lines = Number(values.get('n') ?? 10)
    const bytes = values.has('c') ? Number(values.get('c')) : null
    if (!Number.isInteger(lines) || (bytes !== null && !Number.isInteger(bytes))) return fail(context, 'bad number')
    return forEachPath(context, orStdin(operands), async (path) => {
      if (operands.length > 1) await context.out(`==> ${path} <==\n`)
      await withInput(context, path, (input) => take(context, input, { lines, bytes }))
    })
  }
}

const head = taker(async (context, input, { lines, bytes }) => {
  if (bytes !== null) {
    await context.out((await readAll(input)).subarray(0, bytes))
    return
  }
  let left = lines
  // Asked before reading, so that nothing is taken from a pipe that isn't shown.
  if (left <= 0) return
  for await (const line of linesOf(input)) {
    await context.out(`${line}\n`)
    left -= 1
    if (left === 0) return
  }
})

const tail = taker(async (context, input, { lines, bytes }) => {
  const whole = await readAll(input)
  if (bytes !== null) {
    await context.out(whole.subarray(Math.max(0, whole.length - bytes)))
    return
  }
  const all = whole.toString().split('\n')
  const rest = all.at(-1) === '' ? all.slice(0, -1) : all
  await context.out(
    rest
      .slice(Math.max(0, rest.length - lines))
      .map((line) => `${line}\n`)
      .join(''),
  )
})

async function wc(context: CommandContext): Promise<number> {
  const { operands, flags, problem } = parseOptions(context.args, { flags: 'lwcm' })
  if (problem !== null) return fail(context, problem)
  const shown = flags.size === 0 ? 'lwc' : ['l', 'w', 'm', 'c'].filter((flag) => flags.has(flag)).join('')
  return forEachPath(context, orStdin(operands), async (path) => {
    const bytes = await withInput(context, path, (input) => readAll(input))
    const text = bytes.toString()
    const counts: Readonly<Record<string, number>> = {
      l: text.split('\n').length - 1,
      w: text.split(/\s+/).filter((word) => word !== '').length,
      c: bytes.length,
      m: Array.from(text).length,
    }
    const numbers = Array.from(shown, (flag) => String(counts[flag] ?? 0)).join(' ')
    await context.out(`${numbers}${path === '-' ? '' : ` ${path}`}\n`)
  })
}

async function sort(context: CommandContext): Promise<number> {
  const { operands, flags, problem } = parseOptions(context.args, { flags: 'nru' })
  if (problem !== null) return fail(context, problem)
  const lines: string[] = []
  const status = await forEachPath(context, orStdin(operands), async (path) => {
    await withInput(context, path, async (input) => {
      for await (const line of linesOf(input)) lines.push(line)
    })
  })
  const bytewise = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))
  const byNumber = (a: string, b: string): number => (Number.parseFloat(a) || 0) - (Number.parseFloat(b) || 0)
  const sorted = lines.toSorted((a, b) => (flags.has('n') ? byNumber(a, b) : 0) || bytewise(a, b))
  const ordered = flags.has('r') ? sorted.toReversed() : sorted
  const shown = flags.has('u') ? [...new Set(ordered)] : ordered
  await context.out(shown.map((line) => `${line}\n`).join(''))
  return status
}

export const TEXT_COMMANDS: CommandTable = { cat, head, tail, wc, sort }
