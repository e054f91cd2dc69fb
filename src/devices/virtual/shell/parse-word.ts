import type { Cursor } from './cursor.js'
import { NO_QUOTE, ShellSyntaxError, type Part, type Script, type Word } from './syntax.js'

/** How the script of a substitution is read. */
export interface ParseSubstitution {
  /** What stands between `$(` and `)`, the closing bracket included. */
  bracketed(): Script
  /** What stood between backticks, without their backslashes. */
  backquoted(text: string): Script
}

const END_OF_WORD = new Set(['', ' ', '\t', '\r', '\n', ';', '&', '|', '<', '>', '(', ')'])

/** The word at the cursor; null when none begins there. @throws ShellSyntaxError */
export function parseWord(cursor: Cursor, substitution: ParseSubstitution): Word | null {
  if (END_OF_WORD.has(cursor.peek())) return null
  const parts: Part[] = []
  while (!END_OF_WORD.has(cursor.peek())) parts.push(...parsePart(cursor, substitution))
  return parts
}

function parsePart(cursor: Cursor, substitution: ParseSubstitution): Part[] {
  if (cursor.take("'")) return [singleQuoted(cursor)]
  if (cursor.take('"')) return doubleQuoted(cursor, substitution)
  if (cursor.take('\\\n')) return []
  if (cursor.take('\\')) return [{ kind: 'text', text: cursor.done ? '\\' : cursor.next(), quoted: true }]
  if (cursor.peek() === '$') return [dollar(cursor, substitution, false)]
  if (cursor.take('`')) return [backquoted(cursor, substitution, false)]
  return [{ kind: 'text', text: cursor.next(), quoted: false }]
}

function singleQuoted(cursor: Cursor): Part {
  const text = cursor.match(/[^']*/y) ?? ''
  if (!cursor.take("'")) throw new ShellSyntaxError(NO_QUOTE, true)
  return { kind: 'text', text, quoted: true }
}

function doubleQuoted(cursor: Cursor, substitution: ParseSubstitution): Part[] {
  const parts: Part[] = [{ kind: 'text', text: '', quoted: true }]
  while (!cursor.take('"')) {
    if (cursor.done) throw new ShellSyntaxError(NO_QUOTE, true)
    if (cursor.take('\\\n')) continue
    if (cursor.peek() === '$') parts.push(dollar(cursor, substitution, true))
    else if (cursor.peek() === '\\' && '$`"\\'.includes(cursor.peek(1)) && cursor.peek(1) !== '') {
      cursor.next()
      parts.push({ kind: 'text', text: cursor.next(), quoted: true })
    } else if (cursor.take('`')) parts.push(backquoted(cursor, substitution, true))
    else parts.push({ kind: 'text', text: cursor.next(), quoted: true })
  }
  return parts
}

/** In double quotes, `\"` is a quote of the script's too. */
function backquoted(cursor: Cursor, substitution: ParseSubstitution, quoted: boolean): Part {
  const text = cursor.match(/(?:[^`\\]|\\[^])*/y) ?? ''
  if (!cursor.take('`')) throw new ShellSyntaxError(NO_QUOTE, true)
  const script = substitution.backquoted(text.replaceAll(quoted ? /\\([`$\\"])/g : /\\([`$\\])/g, '$1'))
  return { kind: 'substitution', script, quoted }
}

function dollar(cursor: Cursor, substitution: ParseSubstitution, quoted: boolean): Part {
  cursor.next()
  if (cursor.take('((')) throw new ShellSyntaxError("'$((' is not supported here")
  if (cursor.take('(')) return { kind: 'substitution', script: substitution.bracketed(), quoted }
  if (cursor.take('{')) {
    const name = cursor.match(/[A-Za-z_]\w*|[0-9]+|[?$#@*!]/y)
    if (name === null || !cursor.take('}')) throw new ShellSyntaxError('bad substitution: only ${NAME} is known here')
    return { kind: 'variable', name, quoted }
  }
  const name = cursor.match(/[A-Za-z_]\w*|[0-9?$#@*!]/y)
  return name === null ? { kind: 'text', text: '$', quoted } : { kind: 'variable', name, quoted }
}
