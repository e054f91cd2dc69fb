import { describe, expect, test } from 'vitest'
import { formatHostPort, parseHostPort } from './host-port.js'

describe('an address to dial', () => {
  test.each([
    ['10.0.0.7:5555', '10.0.0.7', 5555],
    ['my-phone.local:65535', 'my-phone.local', 65_535],
    ['[fe80::1]:5555', 'fe80::1', 5555],
    ['[fe80::1%eth0]:5555', 'fe80::1%eth0', 5555],
  ])('%s is read and written back', (text, host, port) => {
    expect(parseHostPort(text)).toEqual({ host, port })
    expect(formatHostPort({ host, port })).toBe(text)
  })

  test.each([
    'tcp:host:5555',
    'tcp:5555',
    'vsock:2:5555',
    'vsock:5555',
    'localabstract:5555',
    'fe80::1:5555',
    '[fe80::1]',
    'host:0',
    'host:65536',
    'host:',
    ':5555',
    'a b:5555',
    'R58M12ABC',
    '',
  ])('is not %j', (text) => {
    expect(parseHostPort(text)).toBeNull()
  })
})
