/** Which single-letter options a command takes. */
export interface OptionSpec {
  readonly flags: string
  /** Options that take a value, in the same word or the next. */
  readonly values?: string
}

export interface Options {
  readonly flags: ReadonlySet<string>
  readonly values: ReadonlyMap<string, string>
  readonly operands: readonly string[]
  /** What is wrong, in toybox's words; null when nothing is. */
  readonly problem: string | null
}

/** Splits arguments as getopt does: bundled flags, `-n5` or `-n 5`, `--` ends the options. */
export function parseOptions(args: readonly string[], { flags, values = '' }: OptionSpec): Options {
  const found = { flags: new Set<string>(), values: new Map<string, string>(), operands: [] as string[] }
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? ''
    if (arg === '--') {
      found.operands.push(...args.slice(index + 1))
      break
    }
    if (!arg.startsWith('-') || arg === '-') {
      found.operands.push(arg)
      continue
    }
    for (let at = 1; at < arg.length; at += 1) {
      const letter = arg.charAt(at)
      if (flags.includes(letter)) found.flags.add(letter)
      else if (values.includes(letter)) {
        const value = at + 1 < arg.length ? arg.slice(at + 1) : args[(index += 1)]
        if (value === undefined) return { ...found, problem: `Missing argument to '-${letter}'` }
        found.values.set(letter, value)
        break
      } else return { ...found, problem: `Unknown option '${arg.startsWith('--') ? arg : letter}'` }
    }
  }
  return { ...found, problem: null }
}
