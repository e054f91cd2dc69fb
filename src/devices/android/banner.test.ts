import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { decodeBanner, encodeBanner } from './banner.js'

it('reads a real phone’s banner', () => {
  const text =
    'device::ro.product.name=blueline;ro.product.model=Pixel 3;ro.product.device=blueline;features=cmd,shell_v2\0'
  expect(decodeBanner(Buffer.from(text))).toEqual({
    type: 'device',
    props: new Map([
      ['ro.product.name', 'blueline'],
      ['ro.product.model', 'Pixel 3'],
      ['ro.product.device', 'blueline'],
    ]),
    features: new Set(['cmd', 'shell_v2']),
  })
})

it.each(['', 'host', 'host::', 'device:serial:', 'device::;;=;a;features='])('reads the poor banner %j', (text) => {
  expect(decodeBanner(Buffer.from(text))).toMatchObject({
    type: text.split(':')[0],
    props: new Map(),
    features: new Set(),
  })
})

it('keeps a model with colons and equals signs, and breaks no field with a semicolon', () => {
  const banner = { type: 'device', props: new Map([['m', 'a:b=c;d']]), features: new Set(['x']) }
  expect(decodeBanner(encodeBanner(banner))).toEqual({ ...banner, props: new Map([['m', 'a:b=c d']]) })
})

it('never throws, whatever a phone sends', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(decodeBanner(bytes).props).toBeInstanceOf(Map)
    }),
  )
})
