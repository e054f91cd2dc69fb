/** A process of the phone. */
export interface PhoneProcess {
  readonly pid: number
  readonly ppid: number
  readonly user: string
  readonly name: string
  readonly startedUptimeS: number
}

const PID_MAX = 32_768
const ZYGOTE_PID = 612

/** What every phone runs, by pid. */
const SYSTEM: readonly (readonly [number, number, string, string])[] = [
  [1, 0, 'root', 'init'],
  [2, 0, 'root', 'kthreadd'],
  [405, 1, 'logd', 'logd'],
  [407, 1, 'system', 'servicemanager'],
  [588, 1, 'system', 'surfaceflinger'],
  [ZYGOTE_PID, 1, 'root', 'zygote64'],
  [730, 1, 'shell', 'adbd'],
  [1204, ZYGOTE_PID, 'system', 'system_server'],
  [1498, ZYGOTE_PID, 'u0_a80', 'com.android.systemui'],
  [1633, ZYGOTE_PID, 'radio', 'com.android.phone'],
  [1890, ZYGOTE_PID, 'u0_a100', 'com.google.android.gms'],
]

/** The phone's process table. Pids are the phone's own and mean nothing on the host. */
export class ProcessTable {
  readonly #processes: Map<number, PhoneProcess>
  #lastPid: number

  constructor(firstPid: number) {
    this.#lastPid = firstPid
    this.#processes = new Map(
      SYSTEM.map(([pid, ppid, user, name]) => [pid, { pid, ppid, user, name, startedUptimeS: 0 }]),
    )
  }

  list(): PhoneProcess[] {
    return [...this.#processes.values()].toSorted((a, b) => a.pid - b.pid)
  }

  get(pid: number): PhoneProcess | null {
    return this.#processes.get(pid) ?? null
  }

  named(name: string): PhoneProcess[] {
    return this.list().filter((process) => process.name === name)
  }

  /** Starts an app's process, unless it runs. */
  startApp(name: string, uid: number, nowUptimeS: number): PhoneProcess {
    const running = this.named(name)[0]
    if (running !== undefined) return running
    const user = uid >= 10_000 ? `u0_a${uid - 10_000}` : 'system'
    const process = { pid: this.#nextPid(), ppid: ZYGOTE_PID, user, name, startedUptimeS: nowUptimeS }
    this.#processes.set(process.pid, process)
    return process
  }

  /** Ends a process; whether there was one. */
  end(pid: number): boolean {
    return this.#processes.delete(pid)
  }

  #nextPid(): number {
    do {
      this.#lastPid = this.#lastPid >= PID_MAX - 1 ? 2000 : this.#lastPid + 7
    } while (this.#processes.has(this.#lastPid))
    return this.#lastPid
  }
}
