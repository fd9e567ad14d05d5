// What a campaign was asked: everything that its answer depends on. Checkpoints and shards must agree about it.
import { hash64 } from '../trace/hash.js';
import type { Question } from './checkpoint.js';
import type { ExploreJob, ShardOfCampaign } from './job.js';
import { version } from './version.js';

/** @param model hash of the model's text */
export function questionOf(job: ExploreJob, model: string): Question {
  const { shard } = job;
  return {
    ...campaignQuestion(job, model),
    ...(shard === undefined ? {} : { shard: `${String(shard.index)}/${String(shard.of)}` }),
  };
}

/** Which part of which campaign; undefined where it was not divided. */
export function shardOf(job: ExploreJob, model: string): ShardOfCampaign | undefined {
  if (job.shard === undefined) return undefined;
  const campaign = hash64(JSON.stringify(campaignQuestion(job, model)));
  return { ...job.shard, campaign };
}

function campaignQuestion(job: ExploreJob, model: string): Question {
  const { scenario, composition, machine, stepsMax, all, runs, seed, strategies, outcomes } = job;
  return {
    racewalk: version,
    scenario: scenario.name,
    model,
    composition,
    machine,
    stepsMax,
    all,
    runs,
    seed,
    strategies,
    outcomes,
  };
}
