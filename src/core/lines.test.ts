import { expect, it, test } from 'vitest'
import { ByteReader } from './bytes.js'
import { linesOf } from './lines.js'

test.each([
  ['', []],
  ['a', ['a']],
  ['a\n', ['a']],
  ['a\r\nb\r\r\n\nc', ['a', 'b', '', 'c']],
  ['abcdefgh\nb', ['abcde', 'b']],
  ['\r\r\r', ['']],
])('%j has the lines %j', (text, lines) => {
  expect([...linesOf(text, 5)]).toEqual(lines)
})

it('gives what a reader still holds before what comes next', async () => {
  const chunks = [Uint8Array.of(1, 2, 3), Uint8Array.of(4)]
  const reader = new ByteReader({
    read: () => Promise.resolve(chunks.shift() ?? null),
    write: () => Promise.resolve(),
    close: () => undefined,
    closed: Promise.resolve(null),
  })
  await reader.exactly(2)
  expect([await reader.some(), await reader.some(), await reader.some()]).toEqual([
    Uint8Array.of(3),
    Uint8Array.of(4),
    null,
  ])
})
