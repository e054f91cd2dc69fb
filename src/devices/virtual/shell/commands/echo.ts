import type { CommandContext, CommandTable } from '../command.js'

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  e: '\u001b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
}

function unescape(text: string): string {
  return text.replaceAll(/\\(?:x([0-9a-fA-F]{1,2})|0?([0-7]{1,3})|(.))/gs, (...found: (string | undefined)[]) => {
    const [whole = '', hex, octal, letter = ''] = found
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff)
    return ESCAPES[letter] ?? whole
  })
}

/** mksh's echo reads escapes unless `-E` says otherwise. */
async function echo({ args, out }: CommandContext): Promise<number> {
  let first = 0
  let newline = true
  let escapes = true
  while (/^-[neE]+$/.test(args[first] ?? '')) {
    const flags = args[first] ?? ''
    if (flags.includes('n')) newline = false
    if (flags.includes('E')) escapes = false
    first += 1
  }
  const text = args.slice(first).join(' ')
  await out(`${escapes ? unescape(text) : text}${newline ? '\n' : ''}`)
  return 0
}

async function printf({ args, out, err }: CommandContext): Promise<number> {
  const [format, ...values] = args
  if (format === undefined) {
    await err('printf: Needs 1 argument (see "printf --help")\n')
    return 1
  }
  const left = [...values]
  let text = ''
  // The format is used again as long as it takes up arguments.
  do {
    const before = left.length
    text += formatOnce(format, left)
    if (left.length === before) break
  } while (left.length > 0)
  await out(text)
  return 0
}

function formatOnce(format: string, values: string[]): string {
  return unescape(format).replaceAll(
    /%(-?)(0?)(\d*)(?:\.(\d+))?([sdiuxXofcb%])/g,
    (...found: (string | undefined)[]) => {
      const [, left, zero, width, precision, kind = ''] = found
      if (kind === '%') return '%'
      const text = convert(kind, values.shift() ?? '', precision)
      const length = Number(width ?? 0)
      if (left === '-') return text.padEnd(length)
      return text.padStart(length, zero === '0' && kind !== 's' ? '0' : ' ')
    },
  )
}

function convert(kind: string, value: string, precision: string | undefined): string {
  const digits = precision === undefined ? null : Number(precision)
  const number = Number(value) || 0
  if (kind === 's') return digits === null ? value : value.slice(0, digits)
  if (kind === 'b') return unescape(value)
  if (kind === 'c') return value.slice(0, 1)
  if (kind === 'f') return number.toFixed(Math.min(digits ?? 6, 100))
  if (kind === 'x') return Math.trunc(number).toString(16)
  if (kind === 'X') return Math.trunc(number).toString(16).toUpperCase()
  return kind === 'o' ? Math.trunc(number).toString(8) : String(Math.trunc(number))
}

export const ECHO_COMMANDS: CommandTable = { echo, printf }
