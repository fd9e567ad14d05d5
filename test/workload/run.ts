// Runs a workload once, under the schedule that it carries, and says what came of it.
import { Execution } from '../../scheduler/index.js';
import {
  type cgroup,
  type For315,
  PF_EXITING,
  type Rung,
  type task_struct,
} from '../../src/kernel/index.js';
import { describe, type Property, type Verdict } from '../../src/machine/index.js';
import { stage, type Workload } from './workload.js';

/** Enough for every workload that comes to an end. */
const stepsMax = 2_000;

export interface Outcome {
  readonly verdict: Verdict;
  /** Sentences about tasks that are not where they should be; empty unless the execution came to its end. */
  readonly lost: readonly string[];
  readonly preemptions: number;
}

export function run(
  workload: Workload,
  rung: Rung<For315>,
  properties: (k: For315) => readonly Property[],
): Outcome {
  const { k, F, D, course } = stage(workload, rung, properties);
  const execution = new Execution(k.machine, course, { stepsMax });
  const verdict = execution.run();
  const lost = verdict.kind === 'ok' ? lostTasks(k, [F, D], living(workload)) : [];
  return { verdict, lost, preemptions: execution.preemptions };
}

/** What went wrong, as sentences. An execution that was cut short says nothing. */
export function complaints({ verdict, lost }: Outcome): string[] {
  return verdict.kind === 'ok' || verdict.kind === 'limit'
    ? [...lost]
    : [describe(verdict), ...lost];
}

/** How many tasks there have to be in the end: nothing makes a fork fail here. */
function living({ processes, events }: Workload): number {
  const tasks = processes.reduce((sum, threads) => sum + threads + 1, 0);
  const dead = new Set<number>();
  let forked = 0;
  for (const event of events) {
    if (event.kind === 'exit') dead.add(event.task % tasks);
    else if (event.kind === 'fork' && !dead.has(event.task % tasks)) forked++;
  }
  return tasks + forked - dead.size;
}

/** Counts for itself, and asks no invariant: every living task is on one list of one css_set, in F or in D. */
function lostTasks(k: For315, cgroups: readonly cgroup[], expected: number): string[] {
  const listed = cgroups.flatMap((cgrp) => k.membersOf(cgrp));
  const alive = k.tasks().filter((task) => (task.flags.peek() & PF_EXITING) === 0);
  const places = (task: task_struct): number => listed.filter((other) => other === task).length;
  return [
    ...(alive.length === expected
      ? []
      : [`${String(alive.length)} tasks live, not ${String(expected)}`]),
    ...alive
      .filter((task) => places(task) !== 1)
      .map((task) => `${task.label} is on ${String(places(task))} lists`),
  ];
}
