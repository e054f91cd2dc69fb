import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { DalaError, ERROR_CODES, type ErrorCode } from '../src/core/errors.js'
import { Interrupted } from '../src/core/interrupt.js'
import { describeFailure, exitCodeOf } from '../src/failure.js'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const CODES = Object.keys(ERROR_CODES) as ErrorCode[]

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

/** All tests but this one, which names every code by itself. */
function testTexts(): string {
  const folders = ['src', 'test'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  )
  return folders
    .filter((path) => path.endsWith('.test.ts') && !path.endsWith(join('test', 'errors.test.ts')))
    .map(read)
    .join('\n')
}

describe('error codes', () => {
  test('each has a section in docs/errors.md, and none is left over', () => {
    const sections = [...read('docs/errors.md').matchAll(/^## (\w+)$/gm)].map(([, code]) => code)
    expect(sections.toSorted()).toEqual([...CODES, 'DALA_BUG', 'DALA_INTERRUPTED'].toSorted())
  })

  test('each stands in docs/exit-codes.md with its exit code', () => {
    const rows = [...read('docs/exit-codes.md').matchAll(/^\| (\d+) \|.*\|(.*)\|$/gm)]
    const documented = rows.flatMap(([, exit, codes = '']) =>
      [...codes.matchAll(/`(DALA_\w+)`/g)].map(([, code = '']) => [code, Number(exit)] as const),
    )
    const wanted = CODES.map((code) => [code, ERROR_CODES[code].exit] as const)
    expect(Object.fromEntries(documented)).toMatchObject(Object.fromEntries(wanted))
  })

  test('each is met by a test', () => {
    const texts = testTexts()
    expect(CODES.filter((code) => !texts.includes(`'${code}'`))).toEqual([])
  })
})

describe('a failure', () => {
  test.each(CODES)('%s ends with its exit code and tells what to do', (code) => {
    const error = new DalaError(code, 'Cannot do it as it is off', { fix: ['Turn it on'] })
    expect(exitCodeOf(error)).toBe(ERROR_CODES[code].exit)
    expect(describeFailure(error)).toEqual({
      code,
      message: 'Cannot do it as it is off',
      fix: ['Turn it on'],
      docs: `docs/errors.md#${code.toLowerCase()}`,
      stack: null,
    })
  })

  test('that nobody expected is a bug with its stack and exit code 1', () => {
    const error = new RangeError('index out of range')
    expect(exitCodeOf(error)).toBe(1)
    expect(describeFailure(error)).toMatchObject({
      code: 'DALA_BUG',
      message: 'This is a bug in dala: index out of range',
      stack: expect.stringContaining('errors.test.ts') as string,
    })
  })

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('by %s ends with %d', (signal, code) => {
    expect(exitCodeOf(new Interrupted(signal))).toBe(code)
  })
})
