import type { PhoneFiles } from '../file-system.js'
import type { ShellState } from './command.js'
import { expandGlob, type Char } from './glob.js'
import type { Script, Word } from './syntax.js'

export interface ExpandContext {
  readonly shell: ShellState
  readonly files: PhoneFiles
  /** Runs a script and returns its output without the line ends at its end. */
  substitute(script: Script): Promise<string>
}

const SHELL_PID = '18231'

/** A word as one string, as in assignments and redirections: no splitting, no wildcards. */
export async function expandText(word: Word, context: ExpandContext): Promise<string> {
  let text = ''
  for (const part of word) text += part.kind === 'text' ? part.text : await valueOf(part, context)
  return text
}

/** Words as arguments: variables, then splitting of what was not quoted, then wildcards. */
export async function expandWords(words: readonly Word[], context: ExpandContext): Promise<string[]> {
  const args: string[] = []
  for (const word of words) {
    for (const field of await splitFields(word, context)) {
      args.push(...(await expandGlob(field, context.files, context.shell.cwd)))
    }
  }
  return args
}

async function splitFields(word: Word, context: ExpandContext): Promise<Char[][]> {
  const fields: Char[][] = []
  let current: Char[] | null = null
  for (const part of word) {
    const text: string = part.kind === 'text' ? part.text : await valueOf(part, context)
    const splits = part.kind !== 'text' && !part.quoted
    // A quoted part makes a word even when it is empty.
    if (part.quoted) current ??= []
    for (const char of text) {
      if (splits && /\s/.test(char)) {
        if (current !== null) fields.push(current)
        current = null
      } else {
        current ??= []
        current.push({ char, live: !part.quoted })
      }
    }
  }
  if (current !== null) fields.push(current)
  return fields
}

async function valueOf(part: Exclude<Word[number], { kind: 'text' }>, context: ExpandContext): Promise<string> {
  if (part.kind === 'substitution') return context.substitute(part.script)
  return variable(part.name, context.shell)
}

function variable(name: string, shell: ShellState): string {
  switch (name) {
    case '?':
      return String(shell.lastStatus)
    case '$':
      return SHELL_PID
    case '#':
      return '0'
    case '0':
      return '/system/bin/sh'
    case 'PWD':
      return shell.cwd
    default:
      return shell.variables.get(name) ?? ''
  }
}
