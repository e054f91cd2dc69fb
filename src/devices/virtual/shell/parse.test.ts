import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseScript } from './parse.js'
import { ShellSyntaxError } from './syntax.js'

const TOKENS = ['echo', 'a', ' ', '\t', '\n', ';', '&&', '||', '|', '&', '(', ')', '$(', '$', '${', '}', '`', '\\', "'"]
const MORE = ['"', '<', '>', '>>', '2>', '2>&1', '&>', '#', '!', 'A=', '$?', '{', 'if', '\0', 'é']

describe('the shell parser', () => {
  it('throws nothing but its own syntax error', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.constantFrom(...TOKENS, ...MORE), { maxLength: 40 }).map((parts) => parts.join('')),
    )
    const failure = (line: string): unknown => {
      try {
        parseScript(line)
        return null
      } catch (error) {
        return error
      }
    }
    const isOwn = (error: unknown): boolean => error === null || error instanceof ShellSyntaxError
    const found = fc.check(
      fc.property(text, (line) => isOwn(failure(line))),
      { numRuns: 3000 },
    )
    expect(found.counterexample).toBeNull()
  })

  it('refuses nesting that would exhaust the stack', () => {
    expect(() => parseScript('('.repeat(100_000))).toThrow(ShellSyntaxError)
    const quoted = (depth: number): string =>
      depth === 0 ? ':' : `$(\`${quoted(depth - 1).replaceAll(/[\\`]/g, '\\$&')}\`)`
    expect(() => parseScript(quoted(6))).not.toThrow()
    expect(() => parseScript('$('.repeat(100_000))).toThrow(/nested too deeply/)
  })

  it.each([
    ['echo "a', 'no closing quote'],
    ["echo 'a", 'no closing quote'],
    ['echo a |', 'unexpected EOF'],
    ['echo `', 'no closing quote'],
    ['echo `echo a |`', 'unexpected EOF'],
    ['echo a &&', 'unexpected EOF'],
    ['| cat', "unexpected '|'"],
    ['echo a; ; echo b', "unexpected ';'"],
    ['(echo a', 'unexpected EOF'],
    ['echo )', "unexpected ')'"],
    ['cat <', 'unexpected EOF'],
    ['sleep 5 &', "'&' is not supported here"],
    ['if true; then echo a; fi', "'if' is not supported here"],
    ['cat <<EOF', "'<<' is not supported here"],
  ])('refuses %s', (text, message) => {
    expect(() => parseScript(text)).toThrow(message)
  })

  it('knows what another line could complete', () => {
    const incomplete = (text: string): boolean => {
      try {
        parseScript(text)
      } catch (error) {
        return error instanceof ShellSyntaxError && error.incomplete
      }
      return false
    }
    expect(['echo "a', 'echo a |', '(echo', 'a &&'].map((text) => incomplete(text))).toEqual([true, true, true, true])
    expect(['echo a', ')', 'a ; ; b', '`a |`'].map((text) => incomplete(text))).toEqual([false, false, false, false])
  })
})
