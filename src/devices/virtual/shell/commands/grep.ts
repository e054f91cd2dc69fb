import { fail, type CommandContext, type CommandTable } from '../command.js'
import { parseOptions } from '../options.js'
import { forEachPath, withInput } from '../phone-file.js'
import { linesOf, type Input } from '../pipe.js'

interface Search {
  readonly matches: (line: string) => boolean
  readonly only: RegExp | null
  readonly quiet: boolean
  readonly count: boolean
  readonly names: boolean
  readonly numbers: boolean
  readonly max: number
}

async function grep(context: CommandContext): Promise<number> {
  const { flags, values, operands, problem } = parseOptions(context.args, { flags: 'qvicEFnohHsxw', values: 'me' })
  if (problem !== null) return usage(context, problem)
  const given = values.get('e')
  const [pattern = given, ...rest] = given === undefined ? operands : [given, ...operands]
  if (pattern === undefined) return usage(context, 'no REGEX')
  const regexp = compile(pattern, flags)
  if (regexp === null) return usage(context, `bad REGEX '${pattern}'`)
  const search: Search = {
    matches: (line) => regexp.test(line) !== flags.has('v'),
    only: flags.has('o') ? new RegExp(regexp.source, `${regexp.flags}g`) : null,
    quiet: flags.has('q'),
    count: flags.has('c'),
    names: flags.has('H') || (rest.length > 1 && !flags.has('h')),
    numbers: flags.has('n'),
    max: Number(values.get('m') ?? Number.POSITIVE_INFINITY),
  }
  let found = 0
  const status = await forEachPath(context, rest.length === 0 ? ['-'] : rest, async (path) => {
    found += await withInput(context, path, (input) => searchIn(context, { path, input }, search))
  })
  if (found > 0 && (search.quiet || status === 0)) return 0
  return status === 0 ? 1 : 2
}

async function usage(context: CommandContext, message: string): Promise<number> {
  await fail(context, message)
  return 2
}

async function searchIn(
  { out }: CommandContext,
  { path, input }: { path: string; input: Input },
  search: Search,
): Promise<number> {
  const prefix = search.names ? `${path}:` : ''
  let found = 0
  let number = 0
  if (search.max <= 0) return 0
  for await (const line of linesOf(input)) {
    number += 1
    if (!search.matches(line)) continue
    found += 1
    if (search.quiet) return found
    const texts = search.only === null ? [line] : (line.match(search.only) ?? [])
    const label = search.numbers ? `${prefix}${number}:` : prefix
    if (!search.count) await out(texts.map((text) => `${label}${text}\n`).join(''))
    if (found >= search.max) break
  }
  if (search.count) await out(`${prefix}${found}\n`)
  return found
}

/** Null for a pattern that can't be read. */
function compile(pattern: string, flags: ReadonlySet<string>): RegExp | null {
  let source = pattern
    .split('\n')
    .map((one) => sourceOf(one, flags))
    .join('|')
  if (flags.has('w')) source = `(?<!\\w)(?:${source})(?!\\w)`
  if (flags.has('x')) source = `^(?:${source})$`
  try {
    return new RegExp(source, flags.has('i') ? 'i' : '')
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

const CLASSES: Readonly<Record<string, string>> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  blank: ' \\t',
  digit: '0-9',
  lower: 'a-z',
  space: '\\s',
  upper: 'A-Z',
}

/** POSIX patterns as JavaScript's: in basic ones `\(` groups and `(` is itself; both know `[[:digit:]]`. */
function sourceOf(pattern: string, flags: ReadonlySet<string>): string {
  if (flags.has('F')) return pattern.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
  const named = pattern.replaceAll(/\[:([a-z]+):\]/g, (whole, name: string) => CLASSES[name] ?? whole)
  if (flags.has('E')) return named
  return named.replaceAll(/\\([(){}|+?])|([(){}|+?])|\\./g, (whole, special?: string, plain?: string) => {
    if (special !== undefined) return special
    return plain === undefined ? whole : `\\${plain}`
  })
}

export const GREP_COMMANDS: CommandTable = {
  grep,
  egrep: (context) => grep({ ...context, args: ['-E', ...context.args] }),
  fgrep: (context) => grep({ ...context, args: ['-F', ...context.args] }),
}
