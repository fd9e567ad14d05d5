// The trace in the Trace Event Format of Chrome, for chrome://tracing and ui.perfetto.dev. A track is a CPU, a
// microsecond is a step. Threads that share a CPU get tracks of their own, because calls must nest on a track.
import type { EnterEntry, LeaveEntry, StepEntry, Trace, TraceEntry } from './trace.js';

type ChromeEvent = Readonly<Record<string, unknown>>;

/** One JSON document. */
export function traceToChrome(trace: Trace): string {
  const tracks = tracksOf(trace);
  const events = [...metadata(trace, tracks), ...eventsOf(trace, tracks)];
  const otherData = { scenario: trace.scenario, rung: trace.rung, verdict: trace.verdict };
  return JSON.stringify({ traceEvents: events, displayTimeUnit: 'ns', otherData }, undefined, 1);
}

/** The track of each thread: its CPU's number, or a number above all CPUs. */
function tracksOf(trace: Trace): number[] {
  const taken = new Set<number>();
  let free = Math.max(0, ...trace.threads.map(({ cpu }) => cpu + 1));
  return trace.threads.map(({ cpu }) => {
    if (taken.has(cpu)) return free++;
    taken.add(cpu);
    return cpu;
  });
}

function metadata(trace: Trace, tracks: readonly number[]): ChromeEvent[] {
  const name = trace.rung === undefined ? trace.scenario : `${trace.scenario} on ${trace.rung}`;
  return [
    { ph: 'M', pid: 0, tid: 0, name: 'process_name', args: { name } },
    ...trace.threads.map((thread, i) => ({
      ph: 'M',
      pid: 0,
      tid: tracks[i],
      name: 'thread_name',
      args: { name: `CPU${String(thread.cpu)} ${thread.name}` },
    })),
  ];
}

function eventsOf(trace: Trace, tracks: readonly number[]): ChromeEvent[] {
  const events: ChromeEvent[] = [];
  /** Per thread, the calls that have not returned; those that have done nothing yet have not begun either. */
  const open = trace.threads.map<EnterEntry[]>(() => []);
  const begun = trace.threads.map(() => 0);
  let now = 0;
  const add = (ph: string, thread: number, name: string, more: ChromeEvent = {}): void => {
    events.push({ ph, pid: 0, tid: tracks[thread], ts: now, name, ...more });
  };
  const beginCalls = (thread: number): void => {
    const calls = open[thread] ?? [];
    for (const call of calls.slice(begun[thread])) {
      add('B', thread, call.name, { args: { arguments: call.args } });
    }
    begun[thread] = calls.length;
  };
  const leave = ({ thread, name, result }: LeaveEntry): void => {
    const calls = open[thread] ?? [];
    calls.pop();
    if ((begun[thread] ?? 0) <= calls.length) return;
    begun[thread] = calls.length;
    add('E', thread, name, { args: { result } });
  };
  const put = (entry: TraceEntry): void => {
    switch (entry.kind) {
      case 'enter':
        open[entry.thread]?.push(entry);
        break;
      case 'leave':
        leave(entry);
        break;
      case 'step':
        beginCalls(entry.thread);
        add('X', entry.thread, entry.text, { dur: 1, cat: entry.effect, args: details(entry) });
        now++;
        break;
      case 'note':
        beginCalls(entry.thread);
        add('i', entry.thread, entry.text, { s: 't' });
        break;
      case 'event':
        events.push({ ph: 'i', pid: 0, tid: 0, ts: now, s: 'g', name: entry.name });
        break;
      case 'verdict':
        events.push({ ph: 'i', pid: 0, tid: 0, ts: now, s: 'g', name: entry.verdict.kind });
        break;
    }
  };
  for (const entry of trace.entries) put(entry);
  for (const [thread, calls] of open.entries()) {
    for (const call of calls.slice(0, begun[thread]).reverse()) add('E', thread, call.name);
  }
  return events;
}

function details({ subject, result, writes, values, locks, waits }: StepEntry): ChromeEvent {
  const changed = writes.map((cell, i) => `${cell} = ${values[i] ?? ''}`);
  return { subject, result, changed, locks, waits };
}
