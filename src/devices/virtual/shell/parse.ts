import { Cursor } from './cursor.js'
import { parseWord } from './parse-word.js'
import {
  ShellSyntaxError,
  type Command,
  type Fd,
  type Pipeline,
  type Redirect,
  type Script,
  type SimpleCommand,
  type Step,
  type Word,
} from './syntax.js'

/** Deeper than any real command line, and far from the end of the stack. */
const MAX_NESTING = 50

/** Words that begin or end what this shell does not have; running them as commands would be worse than refusing. */
const UNSUPPORTED = new Set('if then elif else fi for while until do done case esac function select [[ {'.split(' '))

/**
 * Parses a command line of the phone's shell: quotes, pipes, lists, redirections, `( )`, `$( )` and backticks. Loops, conditions,
 * functions, background jobs, here-documents and arithmetic are refused, not guessed.
 *
 * @throws ShellSyntaxError
 */
export function parseScript(text: string): Script {
  return new Parser(text).wholeScript()
}

class Parser {
  readonly #cursor: Cursor
  #nesting: number

  constructor(text: string, nesting = 0) {
    this.#cursor = new Cursor(text)
    this.#nesting = nesting
  }

  wholeScript(): Script {
    const script = this.#script()
    if (!this.#cursor.done) throw new ShellSyntaxError(`unexpected '${this.#cursor.peek()}'`)
    return script
  }

  #script(): Script {
    const steps: Step[] = []
    let when: Step['when'] = 'always'
    for (;;) {
      this.#skipBlank(true)
      const pipeline = this.#pipeline()
      if (pipeline === null) {
        if (when !== 'always') throw this.#unexpected()
        return steps
      }
      steps.push({ when, pipeline })
      const next = this.#connector()
      if (next === null) return steps
      when = next
    }
  }

  /** What joins this pipeline to the next; null at the end of the script. */
  #connector(): Step['when'] | null {
    this.#skipBlank(false)
    if (this.#cursor.take('&&')) return 'success'
    if (this.#cursor.take('||')) return 'failure'
    if (this.#cursor.peek() === '&') throw new ShellSyntaxError("'&' is not supported here")
    if (this.#cursor.peek() === ';' && this.#cursor.peek(1) === ';') throw new ShellSyntaxError("unexpected ';;'")
    return this.#cursor.take(';') || this.#cursor.take('\n') ? 'always' : null
  }

  #pipeline(): Pipeline | null {
    const negated = this.#cursor.match(/!(?=[ \t])/y) !== null
    const commands: Command[] = []
    for (;;) {
      this.#skipBlank(commands.length > 0)
      const command = this.#command()
      if (command === null) {
        if (commands.length > 0 || negated) throw this.#unexpected()
        return null
      }
      commands.push(command)
      this.#skipBlank(false)
      if (this.#cursor.peek() !== '|' || this.#cursor.peek(1) === '|') return { negated, commands }
      this.#cursor.next()
    }
  }

  #command(): Command | null {
    if (this.#cursor.take('(')) {
      const script = this.#nested()
      return { kind: 'subshell', script, redirects: this.#redirects() }
    }
    return this.#simple()
  }

  #simple(): SimpleCommand | null {
    const assignments: SimpleCommand['assignments'][number][] = []
    const words: Word[] = []
    const redirects: Redirect[] = []
    for (;;) {
      this.#skipBlank(false)
      const redirect = this.#redirect()
      if (redirect !== null) {
        redirects.push(redirect)
        continue
      }
      const name = words.length === 0 ? this.#cursor.match(/[A-Za-z_]\w*=/y) : null
      const word = this.#word()
      if (name !== null) assignments.push({ name: name.slice(0, -1), value: word ?? [] })
      else if (word === null) break
      else words.push(word)
    }
    if (words.length + assignments.length + redirects.length === 0) return null
    refuseUnsupported(words[0])
    if (words.length > 0 && this.#cursor.peek() === '(') throw new ShellSyntaxError("unexpected '('")
    return { kind: 'simple', assignments, words, redirects }
  }

  #redirects(): Redirect[] {
    const redirects: Redirect[] = []
    for (;;) {
      this.#skipBlank(false)
      const redirect = this.#redirect()
      if (redirect === null) return redirects
      redirects.push(redirect)
    }
  }

  #redirect(): Redirect | null {
    const duplicate = this.#cursor.match(/[12]?>&[12]/y)
    if (duplicate !== null) {
      return { kind: 'duplicate', fd: duplicate.startsWith('2') ? 2 : 1, to: duplicate.endsWith('2') ? 2 : 1 }
    }
    if (this.#cursor.match(/0?<(?!<)/y) !== null) return { kind: 'read', path: this.#target() }
    const write = this.#cursor.match(/(?:&|[12])?>>?/y)
    if (write === null) {
      if (this.#cursor.peek() === '<') throw new ShellSyntaxError("'<<' is not supported here")
      return null
    }
    const fds: Readonly<Record<string, Fd>> = { '2': 2, '&': 'both' }
    return { kind: 'write', fd: fds[write.charAt(0)] ?? 1, append: write.endsWith('>>'), path: this.#target() }
  }

  #target(): Word {
    this.#skipBlank(false)
    const word = this.#word()
    if (word === null) throw this.#unexpected()
    return word
  }

  #word(): Word | null {
    return parseWord(this.#cursor, {
      bracketed: () => this.#nested(),
      backquoted: (text) => this.#backquoted(text),
    })
  }

  /** A script up to its closing bracket. */
  #nested(): Script {
    this.#nesting = this.#deeper()
    const script = this.#script()
    if (!this.#cursor.take(')')) throw this.#unexpected()
    this.#nesting -= 1
    return script
  }

  #backquoted(text: string): Script {
    try {
      return new Parser(text, this.#deeper()).wholeScript()
    } catch (error) {
      // What another line would complete is complete between backticks.
      if (error instanceof ShellSyntaxError && error.incomplete) throw new ShellSyntaxError('unexpected EOF')
      throw error
    }
  }

  #deeper(): number {
    if (this.#nesting >= MAX_NESTING) throw new ShellSyntaxError('nested too deeply')
    return this.#nesting + 1
  }

  /** Skips blanks, comments, and line ends where a new line means nothing. */
  #skipBlank(lineEnds: boolean): void {
    const blank = lineEnds ? /(?:[ \t\r\n]|\\\n|#[^\n]*)*/y : /(?:[ \t\r]|\\\n|#[^\n]*)*/y
    this.#cursor.match(blank)
  }

  #unexpected(): ShellSyntaxError {
    const { done } = this.#cursor
    const what = done ? 'EOF' : this.#cursor.peek() === '\n' ? "'newline'" : `'${this.#cursor.peek()}'`
    return new ShellSyntaxError(`unexpected ${what}`, done)
  }
}

function refuseUnsupported(word: Word | undefined): void {
  if (word === undefined || !word.every((part) => part.kind === 'text' && !part.quoted)) return
  const text = word.map((part) => (part.kind === 'text' ? part.text : '')).join('')
  if (UNSUPPORTED.has(text)) throw new ShellSyntaxError(`'${text}' is not supported here`)
}
