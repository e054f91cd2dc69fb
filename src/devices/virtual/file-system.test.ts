import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join, sep } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bootPhone } from '../../../test/fakes/virtual-phone.js'

describe('the files of a virtual phone', () => {
  it('finds the shared storage by all its names', async () => {
    const { phone, rootDir } = await bootPhone()
    const real = join(rootDir, 'sdcard', 'x')
    for (const path of ['/sdcard/x', '/storage/emulated/0/x', '/storage/self/primary/x', '/sdcard/../sdcard//./x']) {
      expect(phone.resolve(path)).toBe(real)
    }
    expect(phone.resolve('/data/local/tmp/y')).toBe(join(rootDir, 'data', 'local', 'tmp', 'y'))
  })

  it.each(['/data', '/data/data', '/data/data/dev.dala.runtime/files', '/data/user/0/dev.dala.runtime', 'sdcard/x'])(
    'denies %s',
    async (path) => {
      const { phone } = await bootPhone()
      expect(phone.resolve(path)).toBeNull()
    },
  )

  it('shows folders of the read-only part and takes no new names there', async () => {
    const { phone, rootDir } = await bootPhone()
    expect(phone.resolve('/')).toBe(rootDir)
    expect(phone.resolve('/system/bin')).toBe(join(rootDir, 'system', 'bin'))
    expect(phone.resolve('/system/bin/new')).toBeNull()
    expect(phone.resolve('/new')).toBeNull()
    expect(phone.resolve('/../../../etc/passwd')).toBeNull()
  })

  it('does not follow links out of the phone, or to what it denies', async () => {
    const { phone, rootDir, sh } = await bootPhone()
    const outside = join(rootDir, '..', `${rootDir.split(sep).at(-1)}-outside`)
    await symlink(outside, join(rootDir, 'sdcard', 'dangling'))
    await symlink('/', join(rootDir, 'sdcard', 'host'))
    await symlink(join(rootDir, 'data', 'data'), join(rootDir, 'sdcard', 'private'))
    await symlink(join(rootDir, 'system'), join(rootDir, 'sdcard', 'system'))
    await mkdir(join(rootDir, 'sdcard', 'folder'))
    await writeFile(join(rootDir, 'sdcard', 'folder', 'file'), 'in')
    await symlink(join(rootDir, 'sdcard', 'folder'), join(rootDir, 'sdcard', 'inside'))
    await symlink('ring', join(rootDir, 'sdcard', 'ring'))
    for (const name of [
      'ring',
      'ring/x',
      'dangling',
      'host',
      'host/etc/passwd',
      'host/tmp/new',
      'private',
      'private/x',
      'system/new',
    ]) {
      expect([name, phone.resolve(`/sdcard/${name}`)]).toEqual([name, null])
    }
    expect(phone.resolve('/sdcard/inside/file')).toBe(join(rootDir, 'sdcard', 'inside', 'file'))
    expect((await sh('cat /sdcard/host/etc/hosts')).stderr).toBe('cat: /sdcard/host/etc/hosts: Permission denied\n')
    expect((await sh('echo x > /sdcard/dangling')).exitCode).toBe(1)
  })

  it('never leaves its folder, whatever the path', async () => {
    const { phone, rootDir } = await bootPhone()
    const segment = fc.constantFrom(
      '..',
      '.',
      '',
      'sdcard',
      'data',
      'local',
      'tmp',
      'x',
      '~',
      '\0',
      'C:',
      '\\',
      '%2e%2e',
    )
    fc.assert(
      fc.property(fc.array(segment), (segments) => {
        const real = phone.resolve(`/${segments.join('/')}`)
        expect(real === null || real === rootDir || real.startsWith(rootDir + sep)).toBe(true)
      }),
    )
  })
})
