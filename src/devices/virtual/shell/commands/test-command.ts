import { stat } from 'node:fs/promises'
import type { Stats } from 'node:fs'
import { errnoText, type CommandContext, type CommandTable } from '../command.js'

/** An expression that can't be read: `test` returns 2 for it. */
class ExpressionError extends Error {
  override readonly name = 'ExpressionError'
}

const COMPARE: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '-eq': (a, b) => a === b,
  '-ne': (a, b) => a !== b,
  '-lt': (a, b) => a < b,
  '-le': (a, b) => a <= b,
  '-gt': (a, b) => a > b,
  '-ge': (a, b) => a >= b,
}

const FILE_TESTS = new Set(['-e', '-f', '-d', '-s', '-r', '-w', '-x', '-L', '-h'])

async function test(context: CommandContext): Promise<number> {
  const bracket = context.name === '['
  if (bracket && context.args.at(-1) !== ']') {
    await context.err("/system/bin/sh: [: missing ']'\n")
    return 2
  }
  try {
    return (await anyOf(context, bracket ? context.args.slice(0, -1) : context.args)) ? 0 : 1
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    await context.err(`/system/bin/sh: ${context.name}: ${error.message}\n`)
    return 2
  }
}

/** `-o` binds less than `-a`, which binds less than `!`. */
async function anyOf(context: CommandContext, words: readonly string[]): Promise<boolean> {
  for (const part of splitAt(words, '-o')) if (await allOf(context, part)) return true
  return false
}

async function allOf(context: CommandContext, words: readonly string[]): Promise<boolean> {
  for (const part of splitAt(words, '-a')) if (!(await primary(context, part))) return false
  return true
}

function splitAt(words: readonly string[], separator: string): string[][] {
  // With three words or fewer the middle one is an operator and the others are operands, whatever they look like.
  if (words.length <= 3) return [[...words]]
  const parts: string[][] = [[]]
  for (const word of words) {
    if (word === separator) parts.push([])
    else parts.at(-1)?.push(word)
  }
  return parts
}

async function primary(context: CommandContext, words: readonly string[]): Promise<boolean> {
  const [first, second, third] = words
  if (first === undefined) return false
  if (second === undefined) return first !== ''
  if (first === '!') return !(await primary(context, words.slice(1)))
  if (third === undefined) return unary(context, first, second)
  if (words.length > 3) throw new ExpressionError(`${third}: unexpected operator/operand`)
  if (second === '=' || second === '==') return first === third
  if (second === '!=') return first !== third
  const compare = COMPARE[second]
  if (compare === undefined) throw new ExpressionError(`${second}: unexpected operator/operand`)
  return compare(integer(first), integer(third))
}

function integer(word: string): number {
  if (!/^\s*[+-]?\d+\s*$/.test(word)) throw new ExpressionError(`${word}: bad number`)
  return Number(word)
}

async function unary(context: CommandContext, operator: string, operand: string): Promise<boolean> {
  if (operator === '-n') return operand !== ''
  if (operator === '-z') return operand === ''
  if (operator === '-t') return false
  if (!FILE_TESTS.has(operator)) throw new ExpressionError(`${operator}: unexpected operator/operand`)
  const { files } = context.machine.parts
  const located = files.locate(operand, { cwd: context.shell.cwd, write: operator === '-w' })
  if (located.kind === 'proc') return operator === '-e' || operator === '-f' || operator === '-r'
  if (located.kind === 'refused') return false
  const stats = await statOrNull(located.hostPath)
  if (stats === null) return false
  if (operator === '-f') return stats.isFile()
  if (operator === '-d') return stats.isDirectory()
  if (operator === '-s') return stats.size > 0
  if (operator === '-x') return stats.isDirectory() || (stats.mode & 0o111) !== 0
  return operator !== '-L' && operator !== '-h'
}

async function statOrNull(hostPath: string): Promise<Stats | null> {
  try {
    return await stat(hostPath)
  } catch (error) {
    // A system error means that the file can't be looked at, which is all that is asked; anything else is thrown on.
    errnoText(error)
    return null
  }
}

export const TEST_COMMANDS: CommandTable = { test, '[': test }
