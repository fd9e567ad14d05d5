// load-bearing, inside the worker: each lock, second look and reference of a scenario is left out in turn.
import { loadBearing } from '../../scheduler/load-bearing/index.js';
import { programOf } from '../../scenarios/index.js';
import type { LoadBearingJob, LoadBearingResult } from './job.js';
import { locate } from './locate.js';
import type { Reporter } from './worker.js';

export async function runLoadBearing(
  job: LoadBearingJob,
  reporter: Reporter,
): Promise<LoadBearingResult> {
  const scenario = await locate(job.scenario);
  reporter.enter('setup');
  const { composition, machine, stepsMax, preemptionsMax, samples, seed, strategies } = job;
  const built = scenario.build(composition === undefined ? { machine } : { composition, machine });
  reporter.enter('executions');
  const table = loadBearing((drop) => programOf(scenario, composition, { ...machine, drop }), {
    stepsMax,
    preemptionsMax,
    samples,
    seed,
    strategies,
    runsMax: job.runs,
    interrupted: reporter.interrupted,
    pulse: reporter.pulse,
    onRow: ({ what, where }, done, all) => {
      const text = `${String(done)} of ${String(all)}: without ${what} in ${where}`;
      reporter.tell({ kind: 'progress', text, done: done / all, runs: done, failures: 0 });
    },
  });
  const memory = built.machine.profile.memory;
  return { kind: 'load-bearing', scenario: scenario.name, rung: built.rung?.label, memory, table };
}
