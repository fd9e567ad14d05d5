// The yardstick W5 as a bare loop: processes are generators that yield how long they sleep, and a binary heap in typed
// arrays says who is next. It knows nothing but this program.

export class BareEvents {
  readonly #processes: number;
  readonly #timeouts: number;
  readonly #times: Float64Array;
  readonly #whose: Int32Array;
  #count = 0;

  constructor(processes: number, timeouts: number) {
    this.#processes = processes;
    this.#timeouts = timeouts;
    this.#times = new Float64Array(processes);
    this.#whose = new Int32Array(processes);
  }

  *#sleep(process: number): Generator<number, void> {
    for (let n = 0; n < this.#timeouts; n++) yield delayOf(process, n);
  }

  /** One execution; returns when it ends. */
  run(): number {
    const processes: Generator<number, void>[] = [];
    let now = 0;
    this.#count = 0;
    for (let p = 0; p < this.#processes; p++) {
      const process = this.#sleep(p);
      processes.push(process);
      const step = process.next();
      if (step.done !== true) this.#push(step.value, p);
    }
    while (this.#count > 0) {
      now = this.#times[0] as number;
      const process = this.#whose[0] as number;
      this.#pop();
      const step = (processes[process] as Generator<number, void>).next();
      if (step.done !== true) this.#push(now + step.value, process);
    }
    return now;
  }

  #push(time: number, process: number): void {
    const times = this.#times;
    const whose = this.#whose;
    let at = this.#count++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if ((times[parent] as number) <= time) break;
      times[at] = times[parent] as number;
      whose[at] = whose[parent] as number;
      at = parent;
    }
    times[at] = time;
    whose[at] = process;
  }

  #pop(): void {
    const times = this.#times;
    const whose = this.#whose;
    const count = --this.#count;
    const time = times[count] as number;
    const process = whose[count] as number;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= count) break;
      if (child + 1 < count && (times[child + 1] as number) < (times[child] as number)) child++;
      if ((times[child] as number) >= time) break;
      times[at] = times[child] as number;
      whose[at] = whose[child] as number;
      at = child;
    }
    times[at] = time;
    whose[at] = process;
  }
}

/** How long a process sleeps for the n-th time: spread, and the same in every loop that is compared. */
export function delayOf(process: number, n: number): number {
  return 1 + ((Math.imul(process + 1, 2654435761) ^ Math.imul(n + 1, 40503)) >>> 16);
}
