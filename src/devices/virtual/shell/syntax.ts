/** A part of a word, before expansion. */
export type Part =
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean }
  | { readonly kind: 'variable'; readonly name: string; readonly quoted: boolean }
  | { readonly kind: 'substitution'; readonly script: Script; readonly quoted: boolean }

export type Word = readonly Part[]

export type Redirect =
  | { readonly kind: 'read'; readonly path: Word }
  | { readonly kind: 'write'; readonly fd: Fd; readonly path: Word; readonly append: boolean }
  /** `2>&1`: `fd` goes where `to` goes now. */
  | { readonly kind: 'duplicate'; readonly fd: 1 | 2; readonly to: 1 | 2 }

/** Where output goes: standard output, standard error, or both (`&>`). */
export type Fd = 1 | 2 | 'both'

export interface SimpleCommand {
  readonly kind: 'simple'
  readonly assignments: readonly { readonly name: string; readonly value: Word }[]
  readonly words: readonly Word[]
  readonly redirects: readonly Redirect[]
}

export interface Subshell {
  readonly kind: 'subshell'
  readonly script: Script
  readonly redirects: readonly Redirect[]
}

export type Command = SimpleCommand | Subshell

export interface Pipeline {
  readonly negated: boolean
  readonly commands: readonly Command[]
}

/** A pipeline, and what the one before it must have returned for it to run. */
export interface Step {
  readonly when: 'always' | 'success' | 'failure'
  readonly pipeline: Pipeline
}

export type Script = readonly Step[]

/** The one complaint that mksh does not call a syntax error. */
export const NO_QUOTE = 'no closing quote'

/** The text is not a script. The message is what the phone's shell prints after its name. */
export class ShellSyntaxError extends Error {
  override readonly name = 'ShellSyntaxError'
  /** The text ended where more was needed: an interactive shell would ask for another line. */
  readonly incomplete: boolean

  constructor(message: string, incomplete = false) {
    super(message === NO_QUOTE ? message : `syntax error: ${message}`)
    this.incomplete = incomplete
  }
}
