import { expect, it } from 'vitest'
import { fakePhone } from '../../../../test/fakes/phone-system.js'
import { openService } from './services.js'

it('refuses a port that nothing listens on, in silence', async () => {
  const logged: string[] = []
  expect(await openService(fakePhone({ root: '/' }), (line) => logged.push(line))('tcp:4000')).toBeNull()
  expect(logged).toEqual([])
})

it('refuses the service that meets a bug of the phone, and tells it with its stack', async () => {
  const logged: string[] = []
  const openPort = (): Promise<never> => Promise.reject(new TypeError('a bug'))
  const phone = { ...fakePhone({ root: '/' }), openPort }
  expect(await openService(phone, (line) => logged.push(line))('tcp:4000')).toBeNull()
  expect(logged).toEqual([expect.stringMatching(/^Cannot open "tcp:4000": TypeError: a bug\n +at /)])
})
