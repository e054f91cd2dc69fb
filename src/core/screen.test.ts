import { expect, test } from 'vitest'
import { screenOf } from './screen.js'

test.each([
  [{}, true],
  [{ NO_COLOR: '' }, true],
  [{ NO_COLOR: '1' }, false],
  [{ CI: 'true' }, false],
  [{ TERM: 'dumb' }, false],
])('a terminal with %j is rewritten: %j', (env, live) => {
  expect(screenOf({ isTTY: true, columns: 100 }, env).live).toBe(live)
})

test('a pipe is never rewritten', () => {
  expect(screenOf({}, {})).toMatchObject({ isTTY: false, live: false, width: 80 })
})

test('the width follows the window', () => {
  const stream = { isTTY: true, columns: 100 }
  const screen = screenOf(stream, {})
  stream.columns = 60
  expect(screen.width).toBe(60)
})
