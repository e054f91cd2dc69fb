import { expect, test } from 'vitest'
import { clip, printable, visible } from './printable.js'

test.each([
  ['\u001b[2Jgone', '?[2Jgone', '\ufffd[2Jgone'],
  ['a\nb\u2028c', 'a?b?c', 'a b c'],
  ['abc\u202edcba', 'abc?dcba', 'abc\ufffddcba'],
  ['a\u200bb\u00adc', 'a?b?c', 'a\ufffdb\ufffdc'],
  ['\ud800', '?', '\ufffd'],
  ['Pixel 8 Pro “ß” 手机 📱', 'Pixel 8 Pro “ß” 手机 📱', 'Pixel 8 Pro “ß” 手机 📱'],
])('%j can be shown in a terminal and in a report', (text, inTerminal, inReport) => {
  expect(printable(text)).toBe(inTerminal)
  expect(visible(text)).toBe(inReport)
})

test('a name that goes on and on is cut', () => {
  expect(visible('x'.repeat(300))).toBe(`${'x'.repeat(200)}…`)
  expect(clip('x'.repeat(41))).toBe(`${'x'.repeat(39)}…`)
  expect(clip('x'.repeat(60), 60)).toBe('x'.repeat(60))
})
